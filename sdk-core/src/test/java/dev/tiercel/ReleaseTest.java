package dev.tiercel;

import static dev.tiercel.Rig.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Tier;
import dev.tiercel.builtin.Backends;
import dev.tiercel.error.Unavailable;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.testing.StagedBackend.Point;
import dev.tiercel.tier.RemotePolicy;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A lease that is given back wakes who waits for it, and is no change to anybody else. */
class ReleaseTest {

  private static final Duration TTL = Duration.ofSeconds(10);

  private final FailingSource source =
      new FailingSource(Backends.inMemoryStore(1 << 20, new FakeTime()));
  private final Rig rig = new Rig(source, spec -> spec);
  private final Keyspace<String, String> first = process();
  private final AsyncKeyspace<String, String> loader = process().async();
  private final AsyncKeyspace<String, String> waiter = process().async();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void failedLoadOfOneProcess_takesNoCopyOfAnotherAway() {
    outliveTheRemoteCopy();
    source.failures = 1;
    assertThat(failureOf(loader.get("key"))).isInstanceOf(Unavailable.class);

    assertThat(first.getEntry("key").tier()).isEqualTo(Tier.LOCAL);
  }

  @Test
  void failedLoadOfOneProcess_wakesWhoWaitsInOthers() {
    outliveTheRemoteCopy();
    var load = rig.source.holdReads(Point.REQUEST);
    var loading = loader.get("key");
    var waiting = waiter.get("key");
    assertThat(waiting).isNotDone();
    source.failures = 2;
    load.release();
    rig.source.pass();

    assertThat(failureOf(loading)).isInstanceOf(Unavailable.class);
    assertThat(failureOf(waiting)).isInstanceOf(Unavailable.class);
    assertThat(rig.source.keysRead()).containsExactly("key", "key", "key");
    assertThat(first.getEntry("key").tier()).isEqualTo(Tier.LOCAL);
  }

  @Test
  void readerWhoLeavesItsLoad_takesNoCopyOfAnotherAway() {
    outliveTheRemoteCopy();
    rig.source.holdReads(Point.REQUEST);
    loader.get("key").cancel(true);
    rig.source.pass();

    assertThat(first.getEntry("key").tier()).isEqualTo(Tier.LOCAL);
  }

  /** One process keeps its copy for longer than the remote tier does. */
  private void outliveTheRemoteCopy() {
    rig.writeAtSource("key", "value", 1);
    assertThat(first.get("key")).isEqualTo("value");
    rig.time.advance(TTL);
    assertThat(rig.remoteValue("key")).isNull();
    assertThat(first.getEntry("key").tier()).isEqualTo(Tier.LOCAL);
  }

  private Keyspace<String, String> process() {
    return rig.process(spec -> spec.remote(rig.remote, RemotePolicy.defaults().ttl(TTL)));
  }
}
