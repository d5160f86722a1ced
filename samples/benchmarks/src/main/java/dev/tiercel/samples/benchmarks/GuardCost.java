package dev.tiercel.samples.benchmarks;

import static java.util.Objects.requireNonNull;

import dev.failsafe.CircuitBreaker;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import dev.failsafe.Timeout;
import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.hedge.HedgePolicy;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.SystemTime;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.timelimiter.TimeLimiter;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What deadline, limiter, breaker, retries and hedges cost a call that needs none of them, beside
 * what others' layers for the same purpose cost it.
 *
 * <p>The call is answered by the thread that makes it, either before it returns or after: then
 * timers are set and cancelled.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
public class GuardCost {

  private static final int SEED = 20_260_101;

  static final Duration DEADLINE = Duration.ofSeconds(1);
  private static final ReadRequest REQUEST = ReadRequest.of("bench", List.of("key"));

  /** The backend without any layers, which is not free either. */
  @State(Scope.Benchmark)
  public static class Bare {

    /** Whether it is answered only after the call has returned. */
    @Param({"false", "true"})
    public boolean later;

    @Nullable
    InstantBackend backend;

    /** Makes the backend. */
    @Setup
    public void open() {
      backend = new InstantBackend(later);
    }

    InstantBackend backend() {
      return requireNonNull(backend);
    }
  }

  /** Tiercel's layers. */
  @State(Scope.Benchmark)
  public static class Tiercel {

    final SystemTime time = new SystemTime("bench-timer");

    @Nullable
    Backend path;

    /** Puts the layers around the backend. */
    @Setup
    public void open(Bare bare) {
      path = GuardLayers.around(
          bare.backend(), HedgePolicy.defaults(), new SplittableRandom(SEED), time);
    }

    Backend path() {
      return requireNonNull(path);
    }

    /** Ends the timers. */
    @TearDown
    public void close() {
      time.close();
    }
  }

  /** Resilience4j's retry, circuit breaker, time limiter and bulkhead, at their defaults. */
  @State(Scope.Benchmark)
  public static class Resilience {

    final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);
    final Bulkhead bulkhead = Bulkhead.ofDefaults("bench");
    final io.github.resilience4j.circuitbreaker.CircuitBreaker breaker =
        io.github.resilience4j.circuitbreaker.CircuitBreaker.ofDefaults("bench");
    final TimeLimiter limiter = TimeLimiter.of(DEADLINE);
    final Retry retry = Retry.ofDefaults("bench");

    /** Forgets timers that were cancelled, as Tiercel's do: the queue would grow by each call. */
    @Setup
    public void open() {
      timers.setRemoveOnCancelPolicy(true);
    }

    /** Ends the timers. */
    @TearDown
    public void close() {
      timers.shutdownNow();
    }
  }

  /** Failsafe's asynchronous execution with retry, circuit breaker and time-out. */
  @State(Scope.Benchmark)
  public static class Failing {

    final FailsafeExecutor<ReadResult> executor = Failsafe.with(
        RetryPolicy.<ReadResult>ofDefaults(),
        CircuitBreaker.<ReadResult>ofDefaults(),
        Timeout.<ReadResult>of(DEADLINE));
  }

  /** The call itself. */
  @Benchmark
  public ReadResult bare(Bare bare) {
    var backend = bare.backend();
    var answer = backend.read(REQUEST, CallContext.of(Deadline.after(DEADLINE, backend.time())));
    backend.answer();
    return answer.join();
  }

  /** Through Tiercel's layers. */
  @Benchmark
  public ReadResult tiercel(Bare bare, Tiercel tiercel) {
    var answer =
        tiercel.path().read(REQUEST, CallContext.of(Deadline.after(DEADLINE, tiercel.time)));
    bare.backend().answer();
    return answer.join();
  }

  /** Through resilience4j's decorators, in their own order: bulkhead innermost, retry outermost. */
  @Benchmark
  public ReadResult resilience4j(Bare bare, Resilience layers) {
    var backend = bare.backend();
    var answer = layers
        .retry
        .executeCompletionStage(layers.timers, () -> guarded(backend, layers))
        .toCompletableFuture();
    backend.answer();
    return answer.join();
  }

  private static CompletionStage<ReadResult> guarded(InstantBackend backend, Resilience layers) {
    return layers.breaker.executeCompletionStage(() -> layers.limiter.executeCompletionStage(
        layers.timers,
        () -> layers.bulkhead.executeCompletionStage(() ->
            backend.read(REQUEST, CallContext.of(Deadline.after(DEADLINE, backend.time()))))));
  }

  /**
   * Through Failsafe's asynchronous execution. It makes the call on a thread of its own, so it can
   * only be answered at once.
   */
  @Benchmark
  public ReadResult failsafe(Bare bare, Failing layers) {
    var backend = bare.backend();
    CompletableFuture<ReadResult> answer = layers.executor.getStageAsync(() -> {
      var call = backend.read(REQUEST, CallContext.of(Deadline.after(DEADLINE, backend.time())));
      backend.answer();
      return call;
    });
    return answer.join();
  }
}
