package dev.tiercel.redis;

import static dev.tiercel.redis.Calls.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.testing.RedisExtension;
import dev.tiercel.testing.UniqueName;
import dev.tiercel.testing.engine.RedisEngine;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a read that is cancelled leaves in Redis: no lease. */
@ExtendWith(RedisExtension.class)
class CancelledReadTest {

  /** The clock of the backend stands still, so it would try to connect once only. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final RedisEngine redis;
  private final FakeTime time = new FakeTime();

  CancelledReadTest(RedisEngine redis) {
    this.redis = redis;
  }

  @Test
  void cancel_atAnyMoment_theNextReaderGetsTheLease() {
    var seed = System.nanoTime();
    System.out.println("seed: " + seed);
    var random = new Random(seed);
    try (var backend = RedisBackend.connect(RedisOptions.of(redis.uri()), time)) {
      var calls = new Calls(backend, UniqueName.of("cancelled"));
      Calls.end(calls.read("warm-up"));
      for (var round = 0; round < 300; round++) {
        var keys = List.of("a" + round, "b" + round);
        var read = calls.readLeasing(keys);
        LockSupport.parkNanos(random.nextInt(1_000_000));
        if (read.cancel(true)) {
          assertThat(Calls.end(calls.readLeasing(keys)).outcomes())
              .as("round %d, seed %d", round, seed)
              .allMatch(outcome -> ((ReadOutcome.Absent) outcome).lease().granted());
        }
      }
    }
  }

  @Test
  void cancel_whileLeasesAreOnTheirWay_givesThemBackAfterThem() throws IOException {
    try (var fake = new FakeRedis(
            command -> command.equals("MGET") ? "*3\r\n$-1\r\n$-1\r\n$-1\r\n" : FakeRedis.SILENCE);
        var backend =
            RedisBackend.connect(RedisOptions.of(fake.uri()).connectTimeout(PATIENCE), time)) {
      var read = new Calls(backend, "cancelled").readLeasing(List.of("a", "b"));
      await("the scripts", () -> fake.received().size() == 3);

      read.cancel(true);

      await("the releases", () -> fake.received().size() >= 5);
      // Twice if the cancel came while the scripts were being sent.
      assertThat(fake.received()).startsWith("MGET", "EVALSHA", "EVALSHA", "EVAL", "EVALSHA");
    }
  }
}
