package dev.tiercel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Staleness;
import dev.tiercel.builtin.Backends;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.testing.StagedBackend.Point;
import dev.tiercel.tier.LocalPolicy;
import dev.tiercel.tier.RemotePolicy;
import dev.tiercel.tier.TtlPolicy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Stale-if-error is each reader's own: whatever load it joined, and whether or not that load counts
 * as failed to others.
 */
class StaleReadersTest {

  private static final Duration SOFT = Duration.ofSeconds(5);
  private static final Duration HARD = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(100);

  private final FailingSource source =
      new FailingSource(Backends.inMemoryStore(1 << 20, new FakeTime()));
  private final Rig rig = new Rig(source, spec -> spec);
  private final Keyspace<String, String> keyspace = rig.process(spec -> spec.local(
          LocalPolicy.defaults().ttl(HARD))
      .remote(rig.remote, RemotePolicy.defaults().ttl(HARD))
      .ttls(
          TtlPolicy.defaults().soft(SOFT).beta(0).jitter(0).staleIfError(Duration.ofSeconds(30))));
  private final AsyncKeyspace<String, String> async = keyspace.async();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void refreshOfASuspectFails_isNotAskedForAgainForASecond() {
    load();
    rig.remote.cutFeed();
    rig.dropAtRemote("key");
    rig.remote.restoreFeed();
    rig.time.advance(Duration.ofMillis(20));
    source.failures = 100;
    for (var reader = 0; reader < 5; reader++) {
      assertThat(keyspace.getEntry("key").staleness()).isEqualTo(Staleness.SUSPECT);
    }
    assertThat(loads()).isEqualTo(2);

    rig.time.advance(Duration.ofSeconds(1));
    assertThat(keyspace.getEntry("key").staleness()).isEqualTo(Staleness.SUSPECT);
    assertThat(loads()).isEqualTo(3);
  }

  @Test
  void softRefreshFails_isNotAskedForAgainForASecond() {
    load();
    rig.time.advance(SOFT);
    source.failures = 100;
    for (var reader = 0; reader < 5; reader++) {
      assertThat(keyspace.getEntry("key").staleness()).isEqualTo(Staleness.SOFT_TTL);
    }

    assertThat(loads()).isEqualTo(2);
  }

  @Test
  void readerPastTheHardTtl_whoJoinsASoftRefreshThatFails_isServedWhatIsHere() {
    load();
    rig.time.advance(HARD.minusMillis(1));
    var refresh = rig.source.holdReads(Point.REQUEST);
    assertThat(keyspace.getEntry("key").staleness()).isEqualTo(Staleness.SOFT_TTL);
    rig.time.advance(Duration.ofMillis(1));
    var reader = async.getEntry("key");
    assertThat(reader).isNotDone();
    assertThat(loads()).isEqualTo(2);
    source.failures = 1;
    refresh.release();

    assertStale(reader);
    assertThat(loads()).isEqualTo(2);
  }

  @Test
  void readerWithLessTimeThanTheLoadItJoined_isServedWhatIsHereWhenItsTimeIsUp() {
    load();
    rig.time.advance(HARD);
    rig.source.holdReads(Point.REQUEST);
    var patient = async.getEntry("key");
    var hasty = async.getEntry("key", ReadOptions.defaults().deadline(SHORT));
    rig.time.advance(SHORT.minusMillis(1));
    assertThat(hasty).isNotDone();
    rig.time.advance(Duration.ofMillis(1));

    assertStale(hasty);
    assertThat(patient).isNotDone();
    rig.time.advance(Rig.DEADLINE.minus(SHORT));
    assertStale(patient);
    assertThat(loads()).isEqualTo(2);
  }

  @Test
  void readerWithLessTimeThanItsLoad_isServedANewerValueThatCameInMeanwhile() {
    load();
    rig.time.advance(HARD);
    rig.source.holdReads(Point.REQUEST);
    var hasty = async.getEntry("key", ReadOptions.defaults().deadline(SHORT));
    keyspace.put("key", "new");
    rig.time.advance(SHORT);

    assertThat(hasty).isCompleted();
    assertThat(hasty.join().value()).isEqualTo("new");
    assertThat(hasty.join().staleness()).isEqualTo(Staleness.FRESH);
  }

  private void load() {
    rig.writeAtSource("key", "old", 1);
    assertThat(keyspace.get("key")).isEqualTo("old");
  }

  private int loads() {
    return rig.source.keysRead().size();
  }

  private static void assertStale(CompletableFuture<Entry<String>> reader) {
    assertThat(reader).isCompleted();
    assertThat(reader.join().value()).isEqualTo("old");
    assertThat(reader.join().staleness()).isEqualTo(Staleness.ERROR);
  }
}
