package dev.tiercel.redis;

import static dev.tiercel.redis.Calls.await;
import static dev.tiercel.redis.Calls.outcome;
import static dev.tiercel.redis.Calls.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.ReadOutcome.Found;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.testing.RedisExtension;
import dev.tiercel.testing.UniqueName;
import dev.tiercel.testing.chaos.ChaosProxy;
import dev.tiercel.testing.chaos.Direction;
import dev.tiercel.testing.chaos.Fault;
import dev.tiercel.testing.engine.RedisEngine;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A real replica whose replication is stopped and let go again. */
@ExtendWith(RedisExtension.class)
class ReplicaLagTest {

  private static final Duration MAX_LAG = Duration.ofMillis(500);

  private final FakeTime time = new FakeTime();
  private final ChaosProxy replication;
  private final RedisEngine follower;
  private final RedisBackend backend;
  private final Calls primary;
  private final Calls replica;

  ReplicaLagTest(RedisEngine redis) {
    replication = ChaosProxy.before(redis.host(), redis.port());
    follower = RedisEngine.launchReplicaOf(replication.port());
    var options = RedisOptions.of(redis.uri()).replicas(List.of(follower.uri()));
    backend = RedisBackend.connect(options.maxReplicaLag(MAX_LAG), time);
    var keyspace = UniqueName.of("lag");
    primary = new Calls(backend, keyspace);
    replica = new Calls(backend.replicas().get(0).backend(), keyspace);
  }

  @AfterEach
  void close() {
    backend.close();
    follower.close();
    replication.close();
  }

  @Test
  void read_replicationStopped_oldAnswersCountForTheLagAndNoLonger() {
    put(1);
    awaitVersion(1);
    try (var stopped = replication.inject(new Fault.BlackHole(Direction.BOTH))) {
      put(2);
      assertThat(version()).isEqualTo(1);

      // What the replica shows was written just now, by this clock.
      time.advance(MAX_LAG);
      assertThat(version()).isEqualTo(1);

      time.advance(Duration.ofNanos(1));
      assertThat(version()).as("behind").isZero();
      assertThat(stopped).isNotNull();
    }
    awaitVersion(2);
  }

  @Test
  void read_replicationStopsAtAnyTime_neverOlderThanTheLag() {
    var seed = System.nanoTime();
    System.out.println("seed: " + seed);
    var random = new Random(seed);
    // From the time of an acknowledgement to the version.
    var acknowledged = new TreeMap<Long, Long>();
    var elapsed = 0L;
    var answers = 0;
    for (var version = 1L; version <= 300; version++) {
      switch (random.nextInt(20)) {
        case 0 -> replication.inject(new Fault.BlackHole(Direction.TO_CLIENT));
        case 1, 2 -> {
          replication.heal();
          follower.awaitInSync();
        }
        default -> {
          // As it was.
        }
      }
      put(version);
      acknowledged.put(elapsed, version);
      var step = random.nextLong(Duration.ofMillis(200).toNanos());
      time.advance(Duration.ofNanos(step));
      elapsed += step;
      var shown = version();
      if (shown > 0) {
        answers++;
        var least = acknowledged.floorEntry(elapsed - MAX_LAG.toNanos());
        assertThat(shown)
            .as("version %d, seed %d", version, seed)
            .isGreaterThanOrEqualTo(least == null ? 1 : least.getValue());
      }
    }
    assertThat(answers).as("seed %d", seed).isBetween(1, 299);
  }

  private void put(long version) {
    Calls.end(primary.put("key", value("value", version)));
  }

  /** The version that the replica answers with, 0 if it does not. */
  private long version() {
    return outcome(replica.read("key")) instanceof Found found ? found.entry().version() : 0;
  }

  private void awaitVersion(long version) {
    await("version " + version, () -> {
      time.advance(Duration.ofMillis(100));
      return version() == version;
    });
    // Its connection answers in order, so that the pulse before is over, and this one written.
    Calls.end(primary.read("key"));
    time.advance(Duration.ofMillis(100));
    Calls.end(primary.read("key"));
    follower.awaitInSync();
  }
}
