package dev.tiercel.testing.region;

import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What goes wrong when. Prints as one line per fault, with the seed it came from.
 *
 * @param seed where the faults came from; of a list somebody wrote, any
 * @param steps in the order they begin
 */
public record FaultScript(long seed, List<Step> steps) {

  /**
   * A fault that begins and ends.
   *
   * @param start when it begins, after the script did, zero or more
   * @param length for how long it holds, zero or more
   * @param fault what happens
   */
  public record Step(Duration start, Duration length, RegionFault fault) {

    /** Checks the bounds. */
    public Step {
      if (start.isNegative() || length.isNegative()) {
        throw new IllegalArgumentException(
            "start and length: " + start + ", " + length + " (expected: zero or more)");
      }
    }

    Duration end() {
      return start.plus(length);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%6.2f s to %6.2f s  %s",
          start.toMillis() / 1e3,
          end().toMillis() / 1e3,
          fault);
    }
  }

  /**
   * A step that has been played.
   *
   * @param step what was planned
   * @param startNanos a reading of the harness's time before it began
   * @param endNanos a reading of the harness's time after it was healed
   */
  public record Played(Step step, long startNanos, long endNanos) {}

  /** A thing to do at a time. */
  private record Cue(Duration at, boolean begins, Step step) {}

  /** Puts the steps in order. */
  public FaultScript {
    steps = steps.stream().sorted(Comparator.comparing(Step::start)).toList();
  }

  /** A list that somebody wrote. */
  public static FaultScript of(Step... steps) {
    return new FaultScript(0, List.of(steps));
  }

  /**
   * Faults of every kind with quiet time between them, one at a time. Every kind happens before any
   * happens for the second time.
   *
   * @param seed the same seed, the same script
   * @param regions the regions' names, at least two
   * @param length how long it takes
   */
  public static FaultScript random(long seed, List<String> regions, Duration length) {
    return new FaultScript(seed, new RandomSteps(seed, regions).fill(length));
  }

  /** When the last fault is healed. */
  public Duration length() {
    return steps.stream().map(Step::end).max(Comparator.naturalOrder()).orElse(Duration.ZERO);
  }

  /**
   * Plays it, on this thread, and returns when the last fault is healed; if it is interrupted, it
   * heals what it has begun.
   *
   * @param harness what it happens to
   * @return what happened when, in the order it ended
   */
  public List<Played> play(RegionHarness harness) throws InterruptedException {
    return play(harness, step -> {});
  }

  /**
   * Plays it, and tells of every step before it begins.
   *
   * @param harness what it happens to
   * @param listener is told, on this thread
   * @return what happened when, in the order it ended
   */
  public List<Played> play(RegionHarness harness, Consumer<? super Step> listener)
      throws InterruptedException {
    var stage = new Stage(harness, listener);
    try (stage) {
      for (var cue : cues()) {
        stage.await(cue.at());
        stage.follow(cue);
      }
    }
    return List.copyOf(stage.played);
  }

  @Override
  public String toString() {
    return steps.stream()
        .map(step -> "\n  " + step)
        .collect(Collectors.joining("", "seed " + seed, ""));
  }

  private List<Cue> cues() {
    var cues = new ArrayList<Cue>();
    for (var step : steps) {
      cues.add(new Cue(step.start(), true, step));
      cues.add(new Cue(step.end(), false, step));
    }
    // Stable: a step that takes no time begins before it ends all the same.
    cues.sort(Comparator.comparing(Cue::at));
    return cues;
  }

  /** Where it is played: what is broken now. */
  private static final class Stage implements AutoCloseable {

    private final RegionHarness harness;
    private final Consumer<? super Step> listener;
    private final Time time;
    private final long startNanos;
    private final List<Open> open = new ArrayList<>();
    private final List<Played> played = new ArrayList<>();

    private record Open(Step step, OngoingFault fault, long startNanos) {}

    Stage(RegionHarness harness, Consumer<? super Step> listener) {
      this.harness = harness;
      this.listener = listener;
      time = harness.time();
      startNanos = time.nanos();
    }

    void await(Duration at) throws InterruptedException {
      var left = at.toNanos() - (time.nanos() - startNanos);
      if (left <= 0) {
        return;
      }
      var due = new CompletableFuture<Boolean>();
      var timer = time.schedule(Duration.ofNanos(left), () -> due.complete(true));
      try {
        due.get();
      } catch (ExecutionException impossible) {
        throw new IllegalStateException(impossible);
      } finally {
        timer.cancel();
      }
    }

    void follow(Cue cue) {
      if (cue.begins()) {
        listener.accept(cue.step());
        var now = time.nanos();
        open.add(new Open(cue.step(), harness.inject(cue.step().fault()), now));
      } else {
        open.stream()
            .filter(one -> one.step().equals(cue.step()))
            .findFirst()
            .ifPresent(this::heal);
      }
    }

    private void heal(Open one) {
      open.remove(one);
      one.fault().heal();
      played.add(new Played(one.step(), one.startNanos(), time.nanos()));
    }

    @Override
    public void close() {
      List.copyOf(open).forEach(this::heal);
    }
  }
}
