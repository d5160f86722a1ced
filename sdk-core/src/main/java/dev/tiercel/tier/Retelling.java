package dev.tiercel.tier;

import dev.tiercel.backend.Completions;
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

  private static final int KEYS_AT_ONCE = 1000;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final TieredBackend tiers;
  private final AtomicBoolean underWay = new AtomicBoolean();
  private volatile boolean closed;

  /** How many keys to pass over, since they failed; changed by one step at a time. */
  private int skipped;

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
    var keys = closed ? List.<String>of() : tiers.distrust.some(skipped, KEYS_AT_ONCE);
    if (keys.isEmpty() && skipped > 0) {
      skipped = 0;
      later(pause);
      return;
    }
    if (keys.isEmpty()) {
      underWay.set(false);
      if (!closed && !tiers.distrust.isEmpty()) {
        begin();
      }
      return;
    }
    var stamp = tiers.distrust.stamp();
    var amends = Amends.of(tiers, keys);
    Completions.onEnd(
        tiers.writeRemote(new WriteRequest(tiers.keyspace, amends.mutations()), tiers.ownContext()),
        (result, failure) -> {
          var failed = keys.size();
          if (result != null) {
            var failures = amends.failures(result);
            failed = failures.size();
            keys.stream()
                .filter(key -> !failures.containsKey(key))
                .forEach(key -> tiers.distrust.clearRaisedBefore(key, stamp));
          }
          if (failed == 0) {
            // At once, but not within this call.
            var unused = tiers.time.schedule(Duration.ZERO, () -> tell(FIRST_PAUSE));
          } else {
            // Past those that failed: a key that can never be told must not stand in the way.
            skipped = failed == keys.size() && keys.size() == KEYS_AT_ONCE ? skipped + failed : 0;
            later(longer(pause));
          }
        });
  }

  private static Duration longer(Duration pause) {
    var doubled = pause.multipliedBy(2);
    return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }
}
