package dev.tiercel.region;

import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Raises barriers in a region that no caller waits for, again until they are raised, with growing
 * pauses. A barrier that is raised later than it was asked for kills more copies than it must, and
 * none too few.
 *
 * <p>Bounded: past its capacity the barrier of the whole keyspace stands for all. Thread-safe.
 */
final class UntoldBarriers {

  private static final int CAPACITY = 10_000;
  private static final int MOST_AT_ONCE = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final Region region;
  private final RandomGenerator random;
  private final Time time;
  private final Set<String> groups = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean underWay = new AtomicBoolean();
  private volatile boolean closed;

  UntoldBarriers(Region region, RandomGenerator random, Time time) {
    this.region = region;
    this.random = random;
    this.time = time;
  }

  Region region() {
    return region;
  }

  int size() {
    return groups.size();
  }

  void close() {
    closed = true;
  }

  /** Raises barriers, now or in its own time. */
  void raise(WriteRequest request, CallContext context) {
    Completions.onEnd(region.tiers().write(request, context), (result, failure) -> {
      if (remember(request, result)) {
        begin(request.keyspace(), FIRST_PAUSE);
      }
    });
  }

  /** Takes note of what was not raised; true if there is anything. */
  private boolean remember(WriteRequest request, @Nullable WriteResult result) {
    var failed = false;
    for (var index = 0; index < request.mutations().size(); index++) {
      if (result == null || result.outcomes().get(index) instanceof WriteOutcome.Failed) {
        var full = groups.size() >= CAPACITY;
        groups.add(full ? Barriers.ALL : request.mutations().get(index).key());
        failed = true;
      }
    }
    return failed;
  }

  private void begin(String keyspace, Duration pause) {
    if (!closed && underWay.compareAndSet(false, true)) {
      var half = pause.toNanos() / 2;
      var wait = Duration.ofNanos(half + random.nextLong(half + 1));
      // A timer that is never set off (its clock was closed) leaves nothing behind but this.
      var unused = time.schedule(wait, () -> again(keyspace, pause));
    }
  }

  private void again(String keyspace, Duration pause) {
    // Taken out first: one that is asked for meanwhile is a later one, and is raised for itself.
    var taken = groups.stream().limit(MOST_AT_ONCE).toList();
    groups.removeAll(Set.copyOf(taken));
    if (taken.isEmpty() || closed) {
      underWay.set(false);
      return;
    }
    var request = new WriteRequest(
        keyspace, taken.stream().<Mutation>map(Mutation.Barrier::new).toList());
    var context = CallContext.of(Deadline.after(PATIENCE, time));
    Completions.onEnd(region.tiers().write(request, context), (result, failure) -> {
      var failed = remember(request, result);
      underWay.set(false);
      if (!groups.isEmpty()) {
        begin(keyspace, failed ? longer(pause) : FIRST_PAUSE);
      }
    });
  }

  private static Duration longer(Duration pause) {
    var doubled = pause.multipliedBy(2);
    return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }
}
