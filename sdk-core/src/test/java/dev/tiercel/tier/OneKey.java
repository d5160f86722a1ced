package dev.tiercel.tier;

import dev.tiercel.backend.Origin;
import dev.tiercel.backend.Staleness;
import dev.tiercel.backend.Tier;
import dev.tiercel.coherence.Trust;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Time;
import java.time.Duration;

/**
 * One key in a local tier, while time stands still: what the interleavings are played with, built
 * here and nowhere else.
 */
final class OneKey {

  static final String KEY = "key";

  /** Keeps no state, so that it adds no steps to what is searched. */
  private static final Time STILL = new Time() {
    @Override
    public long nanos() {
      return 0;
    }

    @Override
    public long millis() {
      return 0;
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      throw new UnsupportedOperationException("time stands still");
    }
  };

  private OneKey() {}

  static LocalTier<String, Long> tier() {
    return new LocalTier<>(
        LocalPolicy.defaults(), new Trust(false), (key, entry) -> 0, STILL, Runnable::run);
  }

  /** The entry of a version, which is its value too; it never expires. */
  static LocalEntry<Long> entry(long version) {
    var origin = new Origin(Tier.SOURCE, "region");
    return new LocalEntry<>(
        version, version, new Times(0, 0, 1, 1, 1, 1, 0), 0, 0, 1, origin, Staleness.FRESH);
  }

  static Deadline deadline() {
    return Deadline.after(Duration.ofSeconds(1), STILL);
  }
}
