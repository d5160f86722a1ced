package dev.tiercel.redis;

import java.time.Duration;
import java.util.Objects;

/**
 * How Redis tells of changes. Immutable.
 *
 * @param mode what the feed is made of
 * @param heartbeat how often the feed's connection is asked for a sign of life; 1 ms to 1 h
 * @param silence a feed that has not come to the answer to a sign of life for so long counts as
 *     interrupted, and its connection is replaced, whatever else it has heard meanwhile; so a feed
 *     that is lost, or lags, is noticed within heartbeat and silence. Longer than the heartbeat, up
 *     to 1 h
 */
public record FeedOptions(Mode mode, Duration heartbeat, Duration silence) {

  /** What a feed is made of. */
  public enum Mode {
    /**
     * Redis tells by itself, of whatever anybody changes: client-side caching in broadcast mode.
     * Needs Redis 6 or later, and a user who may {@code CLIENT TRACKING}.
     */
    TRACKING,
    /**
     * Whoever changes something publishes it, in the same script. For servers and proxies without
     * tracking; they must speak RESP3 all the same ({@code HELLO 3}, Redis 6 or later). Every
     * process that writes must be in this mode too; a {@code FLUSHALL}, an eviction and what others
     * write without Tiercel go unseen.
     */
    PUBLISH,
    /** There is no feed. */
    NONE
  }

  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofHours(1);

  /** Checks the bounds. */
  public FeedOptions {
    Objects.requireNonNull(mode, "mode");
    if (heartbeat.compareTo(SHORTEST) < 0 || heartbeat.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("heartbeat: " + heartbeat + " (expected: 1 ms to 1 h)");
    }
    if (silence.compareTo(heartbeat) <= 0 || silence.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "silence: " + silence + " (expected: longer than the heartbeat, up to 1 h)");
    }
  }

  /** Tracking; a heartbeat every 250 ms, interrupted when one is not answered within 1 s. */
  public static FeedOptions defaults() {
    return new FeedOptions(Mode.TRACKING, Duration.ofMillis(250), Duration.ofSeconds(1));
  }

  /** The same in another mode. */
  public FeedOptions mode(Mode other) {
    return new FeedOptions(other, heartbeat, silence);
  }

  /** The same with another heartbeat and limit of silence. */
  public FeedOptions heartbeat(Duration other, Duration otherSilence) {
    return new FeedOptions(mode, other, otherSilence);
  }
}
