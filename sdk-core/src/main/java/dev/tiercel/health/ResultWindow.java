package dev.tiercel.health;

import dev.tiercel.time.Durations;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * How many results of the last seconds were successes and failures, in ten slices of time.
 *
 * <p>Lock-free and thread-safe; a result at the very border of two slices may be lost.
 */
public final class ResultWindow {

  private static final int SLICES = 10;

  private record Slice(long number, AtomicInteger successes, AtomicInteger failures) {
    Slice(long number) {
      this(number, new AtomicInteger(), new AtomicInteger());
    }
  }

  /**
   * Results counted.
   *
   * @param successes how many succeeded
   * @param failures how many failed
   */
  public record Counts(long successes, long failures) {

    /** All of them. */
    public long all() {
      return successes + failures;
    }

    /** The part that failed, 0 if nothing was counted. */
    public double failureRate() {
      return all() == 0 ? 0 : (double) failures / all();
    }
  }

  private final AtomicReferenceArray<Slice> slices = new AtomicReferenceArray<>(SLICES);
  private final long sliceNanos;
  private final long startNanos;

  /**
   * An empty window.
   *
   * @param length how far back results count, at least 10 ns
   * @param nowNanos the time
   */
  public ResultWindow(Duration length, long nowNanos) {
    sliceNanos = Durations.nanos(length) / SLICES;
    startNanos = nowNanos;
    clear();
  }

  /** Counts a success. */
  public void succeeded(long nowNanos) {
    slice(nowNanos).successes.incrementAndGet();
  }

  /** Counts a failure. */
  public void failed(long nowNanos) {
    slice(nowNanos).failures.incrementAndGet();
  }

  /** What was counted in the last slices, up to now. */
  public Counts counts(long nowNanos) {
    var current = number(nowNanos);
    var successes = 0L;
    var failures = 0L;
    for (var index = 0; index < SLICES; index++) {
      var slice = slices.get(index);
      if (current - slice.number < SLICES) {
        successes += slice.successes.get();
        failures += slice.failures.get();
      }
    }
    return new Counts(successes, failures);
  }

  /** Forgets everything. */
  public void clear() {
    for (var index = 0; index < SLICES; index++) {
      slices.set(index, new Slice(-SLICES));
    }
  }

  private long number(long nowNanos) {
    return (nowNanos - startNanos) / sliceNanos;
  }

  private Slice slice(long nowNanos) {
    var number = number(nowNanos);
    var index = (int) (number % SLICES);
    var slice = slices.get(index);
    if (slice.number >= number) {
      return slice;
    }
    var fresh = new Slice(number);
    return slices.compareAndSet(index, slice, fresh) ? fresh : slices.get(index);
  }
}
