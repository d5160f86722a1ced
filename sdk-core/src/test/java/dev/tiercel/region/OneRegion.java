package dev.tiercel.region;

import dev.tiercel.health.RegionState;
import dev.tiercel.observe.Announcements;
import dev.tiercel.region.RegionHealth.Verdict;
import dev.tiercel.testing.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A region's health, and calls that end as a test says. */
final class OneRegion {

  static final Duration FAST = Duration.ofMillis(2);

  final FakeTime time = new FakeTime();
  final StagedVitals source = new StagedVitals("table");
  final List<StagedVitals> shards =
      List.of(new StagedVitals("redis"), new StagedVitals("redis"), new StagedVitals("redis"));
  final List<String> told = new ArrayList<>();
  final ObservedHealth health;

  OneRegion(RegionPolicy policy, RandomGenerator random) {
    var announcements = new Announcements();
    this.health = new ObservedHealth(
        new Region("near", new UnaskedTiers(), List.of(source), List.copyOf(shards)),
        policy,
        random,
        time,
        (from, to) -> announcements.note(() -> told.add(from + " " + to)),
        announcements);
  }

  RegionState state() {
    return health.state(time.nanos());
  }

  boolean takesProbe() {
    return health.takesProbe(time.nanos());
  }

  /** A call whose end time is left to the timers. */
  void call(Verdict verdict, int keys, Duration took) {
    var began = time.nanos();
    health.began(began);
    time.schedule(took, () -> health.ended(verdict, keys, time.nanos() - began, time.nanos()));
  }

  /** Calls in a row, one each {@code gap}, each of which takes so long. */
  void calls(int count, Duration gap, Verdict verdict, Duration took) {
    for (var call = 0; call < count; call++) {
      call(verdict, 1, took);
      time.advance(gap);
    }
  }

  /** So many answers that it is known what a call takes, 1,000 a second. */
  void warmUp() {
    calls(1_000, Duration.ofMillis(1), Verdict.ANSWERED, FAST);
    time.advance(FAST);
  }

  /** Everything fails until it is down. */
  void bringDown() {
    for (var call = 0; call < 1_000 && state() != RegionState.DOWN; call++) {
      calls(1, Duration.ofMillis(10), Verdict.FAILED, Duration.ofMillis(1));
    }
  }

  /** Lets time pass in steps of 10 ms, sending the probes that are due, until it is in a state. */
  void probeUntil(RegionState wanted, Verdict verdict) {
    for (var step = 0; step < 100_000 && state() != wanted; step++) {
      if (takesProbe()) {
        call(verdict, 1, FAST);
      }
      time.advance(Duration.ofMillis(10));
    }
  }
}
