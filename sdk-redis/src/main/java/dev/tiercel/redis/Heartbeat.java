package dev.tiercel.redis;

import dev.tiercel.time.Time;
import dev.tiercel.time.Time.Timer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Whether a feed keeps up: asks for a sign of life again and again, one at a time, and judges how
 * long each takes from when it is asked for until the feed's own thread has come to its answer.
 * What else arrives proves nothing: pushes may be old ones that have been waiting.
 *
 * <p>Runs on the timer's thread, so that it notices a feed's thread that is held up. Thread-safe.
 */
final class Heartbeat {

  private final FeedOptions options;
  private final Time time;
  private final FeedLine line;
  private final AtomicReference<@Nullable Timer> limit = new AtomicReference<>();
  private final AtomicBoolean underWay = new AtomicBoolean();
  private volatile boolean ended;
  private volatile @Nullable Timer next;

  Heartbeat(FeedOptions options, Time time, FeedLine line) {
    this.options = options;
    this.time = time;
    this.line = line;
  }

  /** Asks, unless an answer is awaited still, and asks again after a while. */
  void beat() {
    if (ended) {
      return;
    }
    if (!line.isUsable()) {
      line.lose();
      return;
    }
    // First the timers: whatever happens to the question, its answer is missed in time.
    next = time.schedule(options.heartbeat(), this::beat);
    if (underWay.compareAndSet(false, true)) {
      if (limit.get() == null) {
        limit.set(time.schedule(options.silence(), line::lose));
      }
      line.ping(this::answered);
    }
    if (ended) {
      cancel();
    }
  }

  /** Asks no more, and misses nothing. */
  void end() {
    ended = true;
    cancel();
  }

  /** On the feed's thread. What was refused on this side is asked for again in the same time. */
  private void answered(Answer answer) {
    if (answer.isFromRedis()) {
      cancel(limit.getAndSet(null));
    }
    underWay.set(false);
  }

  private void cancel() {
    cancel(next);
    cancel(limit.get());
  }

  private static void cancel(@Nullable Timer timer) {
    if (timer != null) {
      timer.cancel();
    }
  }
}
