package dev.tiercel.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private static final long SEED = 4711;

  @Test
  void wait_isAnywhereUpToACeilingThatDoubles() {
    var random = new Random(SEED);
    var ceiling = Duration.ofMillis(10).toNanos();
    for (var failures = 1; failures <= 100; failures++) {
      var number = failures;
      var waits = LongStream.generate(() -> Backoff.defaults().nanosAfter(number, random))
          .limit(1_000)
          .summaryStatistics();
      assertThat(waits.getMin()).as("seed %s", SEED).isBetween(0L, ceiling / 10);
      assertThat(waits.getMax()).as("seed %s", SEED).isBetween(ceiling / 10 * 9, ceiling);
      ceiling = Math.min(2 * ceiling, Duration.ofSeconds(1).toNanos());
    }
  }
}
