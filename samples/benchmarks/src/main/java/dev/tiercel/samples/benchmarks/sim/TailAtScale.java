package dev.tiercel.samples.benchmarks.sim;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Requests that ask a hundred leaves each and have to wait for the slowest. Every leaf is a backend
 * of its own, with its own layers.
 */
final class TailAtScale {

  static final int LEAVES = 100;

  /** Not measured: a client that has run for a while is. */
  private static final int WARM_UP = 2_000;

  private static final double PER_SECOND = 1_000;
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final int DIGITS = 3;
  private static final ReadRequest LEAF_READ = ReadRequest.of("leaf", List.of("key"));

  private final int requests;
  private final VirtualTime time = new VirtualTime();
  private final SplittableRandom arrivals;
  private final List<Leaf> leaves = new ArrayList<>();
  private final List<Backend> backends = new ArrayList<>();
  private final Histogram latencies = new Histogram(TimeUnit.MINUTES.toNanos(1), DIGITS);
  private int begun;
  private int ended;
  private long failures;
  private long readsBefore;

  /**
   * What came of it.
   *
   * @param latencies of requests, in nanoseconds
   * @param leafReads reads that arrived at the leaves, per request and leaf
   * @param failures leaves without an answer
   */
  record Outcome(Histogram latencies, double leafReads, long failures) {

    double millisAt(double percentile) {
      return latencies.getValueAtPercentile(percentile) / 1e6;
    }
  }

  private TailAtScale(int requests, long seed, Layers layers) {
    this.requests = requests;
    var random = new SplittableRandom(seed);
    arrivals = random.split();
    var distribution = TailDistribution.leaf();
    for (var number = 0; number < LEAVES; number++) {
      var leaf = new Leaf(time, distribution, random.split());
      leaves.add(leaf);
      backends.add(layers.around(leaf, time, random.split()));
    }
  }

  /** Sends so many requests, after those that warm up. */
  static Outcome run(int requests, long seed, Layers layers) {
    return new TailAtScale(requests, seed, layers).run();
  }

  private Outcome run() {
    scheduleNext();
    time.runUntil(() -> ended == WARM_UP + requests);
    var reads = reads() - readsBefore;
    return new Outcome(latencies, (double) reads / requests / LEAVES, failures);
  }

  private void scheduleNext() {
    if (begun < WARM_UP + requests) {
      time.in(Arrivals.pause(arrivals, PER_SECOND), this::arrive);
    }
  }

  private void arrive() {
    if (begun == WARM_UP) {
      readsBefore = reads();
    }
    var request = new Request(time.nanos(), begun++ >= WARM_UP);
    for (var backend : backends) {
      var unused = backend
          .read(LEAF_READ, CallContext.of(Deadline.after(DEADLINE, time)))
          .whenComplete(request::answered);
    }
    scheduleNext();
  }

  private long reads() {
    return leaves.stream().mapToLong(Server::reads).sum();
  }

  /** A request on its way. */
  private final class Request {

    private final long sentAt;
    private final boolean measured;
    private int missing = LEAVES;

    Request(long sentAt, boolean measured) {
      this.sentAt = sentAt;
      this.measured = measured;
    }

    void answered(@Nullable ReadResult result, @Nullable Throwable failure) {
      if (result == null || !(result.outcomes().get(0) instanceof ReadOutcome.Found)) {
        failures++;
      }
      if (--missing > 0) {
        return;
      }
      ended++;
      if (measured) {
        latencies.recordValue(time.nanos() - sentAt);
      }
    }
  }
}
