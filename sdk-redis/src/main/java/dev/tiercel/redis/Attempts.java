package dev.tiercel.redis;

import dev.tiercel.backend.Completions;
import dev.tiercel.time.Time;
import dev.tiercel.time.Time.Timer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A feed's attempts to connect: one at a time, and after a failure or a loss not before a while has
 * passed. On the feed's thread alone.
 */
final class Attempts {

  private static final Backoff LOST = new Backoff(Duration.ofMillis(10), Duration.ofMillis(500));

  /** Between questions that Redis has refused. */
  static final Backoff REFUSED = new Backoff(Duration.ofSeconds(10), Duration.ofSeconds(10));

  private final RedisFeed feed;
  private final Supplier<CompletableFuture<LettuceLink>> connector;
  private final Failures failures;
  private final Time time;
  private final RandomGenerator random;
  private @Nullable Timer next;
  private boolean heldOff;
  private boolean connecting;
  private int failuresInARow;

  Attempts(
      RedisFeed feed,
      Supplier<CompletableFuture<LettuceLink>> connector,
      Failures failures,
      Time time,
      RandomGenerator random) {
    this.feed = feed;
    this.connector = connector;
    this.failures = failures;
    this.time = time;
    this.random = random;
  }

  /** A connection, on its way; what the connector throws instead fails it. */
  CompletableFuture<LettuceLink> open() {
    try {
      return connector.get();
    } catch (RuntimeException thrown) {
      return CompletableFuture.failedFuture(thrown);
    }
  }

  /** Whether Redis has refused the last attempt, and the next one's time has not come. */
  boolean isHeldOff() {
    return heldOff;
  }

  /** Tries now, unless an attempt is under way. */
  void begin() {
    if (connecting) {
      return;
    }
    cancel();
    connecting = true;
    Completions.onEnd(open(), (link, failure) -> {
      feed.run(() -> ended(link, failure));
      if (feed.isClosed() && link != null) {
        Completions.onEnd(link.close(), (done, ignored) -> {});
      }
    });
  }

  private void ended(@Nullable LettuceLink link, @Nullable Throwable failure) {
    connecting = false;
    if (link != null) {
      feed.opened(link);
      return;
    }
    var code = failure == null ? null : failures.refusal(failure);
    if (code != null) {
      feed.warn(code);
    }
    again(code == null ? LOST : REFUSED);
    heldOff = code != null;
  }

  /** A connection that was opened at a time has been lost: tries once more, after a while. */
  void afterLoss(long openedAt) {
    if (time.nanos() - openedAt >= LOST.most().toNanos()) {
      failuresInARow = 0;
    }
    again(LOST);
  }

  private void again(Backoff backoff) {
    cancel();
    failuresInARow++;
    var wait = Duration.ofNanos(backoff.nanosAfter(failuresInARow, random));
    next = time.schedule(wait, () -> feed.run(feed::connect));
  }

  /** Forgets the attempt that is to come. */
  void cancel() {
    heldOff = false;
    if (next != null) {
      next.cancel();
      next = null;
    }
  }
}
