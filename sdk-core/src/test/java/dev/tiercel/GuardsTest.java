package dev.tiercel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tiercel.backend.Backend;
import dev.tiercel.builtin.Backends;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.guard.RetryPolicy;
import dev.tiercel.health.Endpoint;
import dev.tiercel.health.EndpointState;
import dev.tiercel.health.Vitals;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.testing.StagedBackend;
import dev.tiercel.testing.StagedBackend.Point;
import dev.tiercel.tier.LocalPolicy;
import dev.tiercel.tier.SourcePolicy;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuardsTest {

  private final FakeTime time = new FakeTime();
  private final StagedBackend store = new StagedBackend(Backends.inMemoryStore(1 << 20, time));
  private final ServingClient client = ServingClient.builder()
      .time(time)
      .executor(Runnable::run)
      .drainTime(Duration.ZERO)
      .build();

  @AfterEach
  void close() {
    store.pass();
    client.close();
  }

  private Keyspace<String, String> keyspace(String name, Backend source, SourcePolicy policy) {
    return keyspace(name, source, policy, RetryPolicy.off());
  }

  private Keyspace<String, String> keyspace(
      String name, Backend source, SourcePolicy policy, RetryPolicy retries) {
    return client.keyspace(KeyspaceSpec.builder(name, KeyFormat.string(), Codecs.utf8())
        .local(LocalPolicy.off())
        .source(source, policy)
        .sourceResilience(ResiliencePolicy.defaults().retry(retries))
        .build());
  }

  @Test
  void keyspacesOnOneBackend_shareItsLimit() {
    var policy = SourcePolicy.defaults().maxInFlight(1);
    var one = keyspace("one", store, policy);
    var other = keyspace("other", store, policy);
    var hold = store.holdReads(Point.REQUEST);

    var first = one.async().get("key");
    var second = other.async().get("key");

    assertThat(second)
        .isCompletedExceptionally()
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(Overloaded.class);
    hold.release();
    assertThat(first.join()).isNull();
    assertThat(client.vitals()).extracting(Vitals::inFlight).containsExactly(0);
  }

  @Test
  void keyspacesOnOneBackend_shareItsHealth() {
    var one = keyspace("one", store, SourcePolicy.defaults());
    var other = keyspace("other", store, SourcePolicy.defaults());
    store.failReads(new Unavailable("store: gone", Where.at("store", ""), null));
    for (var call = 0; call < 5; call++) {
      assertThat(one.async().get("key")).isCompletedExceptionally();
    }
    store.pass();

    assertThat(client.vitals()).extracting(Vitals::state).containsExactly(EndpointState.DOWN);
    assertThat(other.async().get("key"))
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(Unavailable.class)
        .withMessageContaining("down");
  }

  @Test
  void keyspacesOnOneBackend_underDifferentPolicies_areRefused() {
    keyspace("one", store, SourcePolicy.defaults());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> keyspace("other", store, SourcePolicy.defaults().maxInFlight(7)))
        .withMessageContaining("resilience: not that of the other keyspaces");
  }

  @Test
  void backendsOfOneKind_areToldApart() {
    keyspace("one", store, SourcePolicy.defaults());
    keyspace("other", Backends.inMemoryStore(1 << 20, time), SourcePolicy.defaults());

    assertThat(client.vitals())
        .extracting(Vitals::endpoint)
        .containsExactlyInAnyOrder(
            Endpoint.primary(store.name(), ""), Endpoint.primary(store.name() + "-2", ""));
  }

  @Test
  void close_whileACallWaitsToBeMadeAgain_endsIt() {
    var keyspace = keyspace("one", store, SourcePolicy.defaults(), RetryPolicy.defaults());
    store.failReads(new Unavailable("store: gone", Where.at("store", ""), null));
    var answer = keyspace.async().get("key");
    assertThat(answer).isNotDone();

    client.close();

    assertThat(answer).isCompletedExceptionally();
  }
}
