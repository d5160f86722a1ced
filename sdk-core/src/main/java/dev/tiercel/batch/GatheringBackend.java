package dev.tiercel.batch;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Where;
import dev.tiercel.time.Time;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Natural batching: a read leaves at once while few are on their way; those that arrive while
 * {@code maxOnTheirWay} are gather, and leave together, as large a batch as the backend takes, when
 * one of them returns. There is no timer: batches grow with the load, since what a remote read
 * costs, it costs per call and hardly per key.
 *
 * <p>Reads gather only with reads of the same freshness and lease time that know of the same
 * barriers. Each keeps its own deadline and can be cancelled by itself; a batch whose reads have
 * all been cancelled is cancelled. What waits is bounded: past the bound a read is refused at once.
 *
 * <p>Thread-safe. Expects a backend whose futures never fail but by cancellation, and that takes
 * batches of any size: it stands above the guard and the splitter.
 */
public final class GatheringBackend extends ForwardingBackend {

  /** One caller's read, from its arrival to its answer. */
  private static final class Waiting {
    final ReadRequest request;
    final CallContext context;
    final CompletableFuture<ReadResult> answer = new CompletableFuture<>();

    Waiting(ReadRequest request, CallContext context) {
      this.request = request;
      this.context = context;
    }

    boolean gathersWith(Waiting other) {
      return request.freshness().equals(other.request.freshness())
          && request.lease().equals(other.request.lease())
          && request.barriers().equals(other.request.barriers())
          && request.keyspace().equals(other.request.keyspace());
    }
  }

  private final ReentrantLock lock = new ReentrantLock();

  /**
   * In the order of their arrival; whoever ends early leaves the line, so that the dead keep no
   * place of the living.
   */
  private final Set<Waiting> waiting = new LinkedHashSet<>();

  private final IntSupplier maxOnTheirWay;
  private final int maxWaiting;
  private final int maxKeys;
  private final Where where;
  private final Time time;
  private int onTheirWay;
  private boolean sending;

  /**
   * Gathers the reads of a backend.
   *
   * @param delegate the backend to read
   * @param maxOnTheirWay how many requests may be on their way now before others gather, at least
   *     1; asked under a lock, so it must answer at once
   * @param maxWaiting how many reads may wait to leave, at least 1
   * @param time the clock and the timers
   */
  public GatheringBackend(Backend delegate, IntSupplier maxOnTheirWay, int maxWaiting, Time time) {
    super(delegate);
    this.maxOnTheirWay = maxOnTheirWay;
    this.maxWaiting = maxWaiting;
    this.maxKeys = delegate.capabilities().maxReadKeys();
    this.where = Where.at(delegate.name(), delegate.region());
    this.time = time;
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    if (request.keys().size() >= maxKeys) {
      // As large a batch as there can be: nothing is gained by waiting for company.
      return super.read(request, context);
    }
    var arrived = new Waiting(request, context);
    lock.lock();
    try {
      if (onTheirWay >= maxOnTheirWay.getAsInt()) {
        return waiting.size() < maxWaiting ? enqueued(arrived) : refused(request);
      }
      onTheirWay++;
    } finally {
      lock.unlock();
    }
    send(List.of(arrived));
    return arrived.answer;
  }

  /** Waits in line, by its own deadline at most; what is done by its turn is passed over. */
  private CompletableFuture<ReadResult> enqueued(Waiting arrived) {
    waiting.add(arrived);
    var deadline = arrived.context.deadline();
    var timer = time.schedule(deadline.remaining(), () -> {
      var what = "deadline: passed before an answer";
      fail(arrived, new DeadlineExceeded(what, where.in("", deadline.elapsed()), null));
    });
    Completions.onEnd(arrived.answer, (result, failure) -> {
      timer.cancel();
      leave(arrived);
    });
    return arrived.answer;
  }

  private void leave(Waiting ended) {
    lock.lock();
    try {
      waiting.remove(ended);
    } finally {
      lock.unlock();
    }
  }

  private CompletableFuture<ReadResult> refused(ReadRequest request) {
    var what = "reads waiting: " + maxWaiting + " (expected: fewer)";
    return CompletableFuture.completedFuture(
        ReadResult.failed(request.keys().size(), new Overloaded(what, where, null)));
  }

  private void send(List<Waiting> batch) {
    var first = batch.get(0);
    var positions = positions(batch);
    var sent = super.read(first.request.withKeys(List.copyOf(positions.keySet())), latest(batch));
    Completions.onEnd(sent, (result, failure) -> {
      // The answers first: this thread may then go on sending for others.
      batch.forEach(each -> settle(each, positions, result, failure));
      returned();
    });
    var left = new AtomicInteger(batch.size());
    for (var each : batch) {
      Completions.onEnd(each.answer, (result, failure) -> {
        if (left.decrementAndGet() == 0) {
          sent.cancel(true);
        }
      });
    }
  }

  /**
   * One request less is on its way: sends what has gathered. Whoever is at it already goes on with
   * it, so that a backend which answers at once does not make the calls nest.
   */
  private void returned() {
    lock.lock();
    try {
      onTheirWay--;
      if (sending) {
        return;
      }
      sending = true;
    } finally {
      lock.unlock();
    }
    for (var batch = next(); !batch.isEmpty(); batch = next()) {
      send(batch);
    }
  }

  /** What leaves next; nothing when all has left or enough is on its way. */
  private List<Waiting> next() {
    lock.lock();
    try {
      var batch = onTheirWay < maxOnTheirWay.getAsInt() ? gathered() : List.<Waiting>of();
      if (batch.isEmpty()) {
        sending = false;
      } else {
        onTheirWay++;
      }
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** Takes from the head of the line what may leave together. */
  private List<Waiting> gathered() {
    var batch = new ArrayList<Waiting>();
    var keys = 0;
    for (var line = waiting.iterator(); line.hasNext(); ) {
      var head = line.next();
      if (!head.answer.isDone()) {
        keys += head.request.keys().size();
        if (!batch.isEmpty() && (keys > maxKeys || !head.gathersWith(batch.get(0)))) {
          return batch;
        }
        batch.add(head);
      }
      line.remove();
    }
    return batch;
  }

  /** Where each distinct key stands in the batch. */
  private static Map<String, Integer> positions(List<Waiting> batch) {
    var positions = new LinkedHashMap<String, Integer>();
    for (var each : batch) {
      for (var key : each.request.keys()) {
        positions.putIfAbsent(key, positions.size());
      }
    }
    return positions;
  }

  private static CallContext latest(List<Waiting> batch) {
    var latest = batch.get(0).context;
    for (var each : batch) {
      if (each.context.deadline().isAfter(latest.deadline())) {
        latest = each.context;
      }
    }
    return latest;
  }

  private void settle(
      Waiting each,
      Map<String, Integer> positions,
      @Nullable ReadResult result,
      @Nullable Throwable failure) {
    if (result == null) {
      each.answer.completeExceptionally(
          failure == null ? new IllegalStateException("no result") : failure);
      return;
    }
    var outcomes = new ArrayList<ReadOutcome>(each.request.keys().size());
    for (var key : each.request.keys()) {
      var position = positions.get(key);
      outcomes.add(result.outcomes().get(position == null ? 0 : position));
    }
    each.answer.complete(new ReadResult(outcomes, result.barriers()));
  }

  private static void fail(Waiting each, ServingException failure) {
    each.answer.complete(ReadResult.failed(each.request.keys().size(), failure));
  }
}
