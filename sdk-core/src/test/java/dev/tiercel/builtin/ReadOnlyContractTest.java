package dev.tiercel.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.testing.BackendProbe;
import dev.tiercel.testing.FakeTimeBackendContract;
import org.junit.jupiter.api.Test;

class ReadOnlyContractTest extends FakeTimeBackendContract {

  private final Backend store = Backends.inMemoryStore(16 << 20, time);

  @Override
  protected Backend create() {
    return Backends.readOnly(store);
  }

  @Override
  public void store(String keyspace, String key, byte[] payload) {
    var written = new BackendProbe(store, keyspace, time)
        .put(key, EncodedEntry.plain(payload).withVersion(1), Condition.ALWAYS);
    assertThat(written).isInstanceOf(WriteOutcome.Stored.class);
  }

  @Test
  void capabilities_keepWhatReadingNeeds() {
    assertThat(probe().backend().capabilities().features())
        .containsExactlyInAnyOrder(
            Feature.VERSIONS, Feature.METADATA, Feature.EXPIRY, Feature.CONSISTENT_READS);
  }

  @Test
  void readWithLease_leavesTheStoreBehindUnleased() {
    assertThat(probe().lease("key", LONG).granted()).isFalse();

    assertThat(
            new BackendProbe(store, probe().keyspace(), time).lease("key", LONG).granted())
        .isTrue();
  }
}
