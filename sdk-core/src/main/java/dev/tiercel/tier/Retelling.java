package dev.tiercel.tier;

import dev.tiercel.backend.Completions;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells the remote tier in the background what it could not be told when it happened, until it has
 * been told: other processes believe its old copies for as long.
 *
 * <p>Attempts follow each other with growing pauses while they fail, at once while they succeed.
 * Thread-safe.
 */
final class Retelling {

  private static final int KEYS_AT_ONCE = 100;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final TieredBackend tiers;
  private final AtomicBoolean underWay = new AtomicBoolean();
  private volatile boolean closed;

  Retelling(TieredBackend tiers) {
    this.tiers = tiers;
  }

  /** There is something to tell. */
  void begin() {
    if (!closed && underWay.compareAndSet(false, true)) {
      later(FIRST_PAUSE);
    }
  }

  void close() {
    closed = true;
  }

  private void later(Duration pause) {
    // Anywhere in the second half of the pause: those who lost one cache together do not come
    // back to it together.
    var half = pause.toNanos() / 2;
    var wait = Duration.ofNanos(half + tiers.random.nextLong(half + 1));
    // A timer that is never set off (its clock was closed) leaves nothing behind but this.
    var unused = tiers.time.schedule(wait, () -> tell(pause));
  }

  private void tell(Duration pause) {
    var keys = closed ? List.<String>of() : tiers.distrust.some(KEYS_AT_ONCE);
    if (keys.isEmpty()) {
      underWay.set(false);
      if (!closed && !tiers.distrust.isEmpty()) {
        begin();
      }
      return;
    }
    var stamp = tiers.distrust.stamp();
    var forgets = keys.stream().map(tiers::forgetDoubted).toList();
    Completions.onEnd(
        tiers.writeRemote(new WriteRequest(tiers.keyspace, forgets), tiers.ownContext()),
        (result, failure) -> {
          var told = result != null;
          for (var index = 0; told && index < keys.size(); index++) {
            told = !(result.outcomes().get(index) instanceof WriteOutcome.Failed);
            if (told) {
              tiers.distrust.clearRaisedBefore(keys.get(index), stamp);
            }
          }
          later(told ? FIRST_PAUSE : longer(pause));
        });
  }

  private static Duration longer(Duration pause) {
    var doubled = pause.multipliedBy(2);
    return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }
}
