package dev.tiercel.samples.quickstart;

import dev.tiercel.Entry;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Sends the requests of a trace to the service, so many at a time, as its callers would: each a
 * single read, now and then a write. Checks and measures every answer.
 */
final class Replay {

  private final FeatureService service;
  private final Ledger ledger;
  private final Measurements measured;
  private final Window window;
  private final double writeShare;
  private final SplittableRandom random;
  private final AtomicReference<@Nullable Throwable> bug = new AtomicReference<>();

  /**
   * Prepares a replay.
   *
   * @param inFlight how many requests are on their way at a time
   * @param writeShare the share of requests that are writes of an item's next generation, 0 to 1
   * @param seed decides which
   */
  Replay(
      FeatureService service,
      Ledger ledger,
      Measurements measured,
      int inFlight,
      double writeShare,
      long seed) {
    this.service = service;
    this.ledger = ledger;
    this.measured = measured;
    this.window = new Window(inFlight);
    this.writeShare = writeShare;
    this.random = new SplittableRandom(seed);
  }

  /**
   * Sends every request and waits for the last answer.
   *
   * @throws IllegalStateException if an answer could not be checked or measured: the run shows
   *     nothing then
   */
  void run(Trace trace, Progress progress) throws InterruptedException {
    for (var sent = 0; sent < trace.items().length(); sent++) {
      var done = sent;
      var item = trace.items().get(sent);
      window.send(() -> request(item), () -> progress.show(done));
      progress.show(done);
    }
    window.drain(() -> progress.show(trace.items().length()));
    var first = bug.get();
    if (first != null) {
      throw new IllegalStateException(
          "answer: could not be checked (expected: right or wrong)", first);
    }
  }

  private CompletableFuture<?> request(long item) {
    var generation = random.nextDouble() < writeShare ? ledger.begin(item) : 0;
    var call = generation > 0 ? write(item, generation) : read(item);
    return call.whenComplete((done, thrown) -> {
      // A failed call has been counted by now, and is no failure here.
      if (thrown != null) {
        bug.compareAndSet(null, thrown);
      }
    });
  }

  private CompletableFuture<?> read(long item) {
    var floor = ledger.acknowledged(item);
    var begun = System.nanoTime();
    return service
        .features(item)
        .handle((entry, failure) -> read(item, floor, begun, entry, failure));
  }

  private @Nullable Void read(
      long item,
      int floor,
      long begun,
      @Nullable Entry<float[]> entry,
      @Nullable Throwable failure) {
    if (failure != null) {
      measured.failed(cause(failure));
      return null;
    }
    if (entry != null) {
      measured.answered(entry.tier(), System.nanoTime() - begun);
    }
    ledger
        .mismatch(item, floor, entry == null ? null : entry.value())
        .ifPresent(measured::mismatched);
    return null;
  }

  private CompletableFuture<?> write(long item, int generation) {
    var begun = System.nanoTime();
    return service
        .publish(item, Features.of(item, generation))
        .handle((version, failure) -> written(item, generation, begun, failure));
  }

  private @Nullable Void written(
      long item, int generation, long begun, @Nullable Throwable failure) {
    if (failure != null) {
      ledger.fail(item, generation);
      measured.failed(cause(failure));
    } else {
      ledger.acknowledge(item, generation);
      measured.written(System.nanoTime() - begun);
    }
    return null;
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
