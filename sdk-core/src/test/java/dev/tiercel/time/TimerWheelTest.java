package dev.tiercel.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimerWheelTest {

  private static final long TICK = 1L << 16;
  private static final Runnable NOTHING = () -> {};

  private final TimerWheel wheel = new TimerWheel();

  @Test
  void advance_atAnyDistance_isDueAtItsNanosecondAndNotBefore() {
    for (var bits = 0; bits < 62; bits++) {
      for (var off = -1; off <= 1; off++) {
        var distance = Math.max(1, (1L << bits) + off);
        var fresh = new TimerWheel();
        var alarm = new Alarm(fresh, distance, NOTHING);
        fresh.add(alarm);

        assertThat(due(fresh, distance - 1)).as("%d - 1", distance).isEmpty();
        assertThat(due(fresh, distance)).as("%d", distance).containsExactly(alarm);
        assertThat(fresh.next()).isEqualTo(TimerWheel.NEVER);
      }
    }
  }

  @Test
  void advance_afterALongSleep_findsAllInOneStep() {
    var near = set(3 * TICK);
    var far = set(1_000_000 * TICK);
    var later = set(3_000_000 * TICK);

    assertThat(due(2_000_000 * TICK)).containsExactlyInAnyOrder(near, far);
    assertThat(due(3_000_000 * TICK)).containsExactly(later);
  }

  @Test
  void advance_sameTimeSetFromFarAndNear_keepsTheOrderOfSetting() {
    var time = 70_000 * TICK + 5;
    var alarms = new ArrayList<Alarm>();
    for (var now : new long[] {0, 40_000, 65_536, 69_631, 69_999, 70_000}) {
      due(now * TICK);
      alarms.add(set(time));
      alarms.add(set(time));
    }

    assertThat(due(time)).containsExactlyElementsOf(alarms);
  }

  @Test
  void add_timeThatHasPassed_isDueAtTheNextLook() {
    due(1_000 * TICK);
    var alarm = set(5);

    assertThat(wheel.next()).isEqualTo(5);
    assertThat(due(1_000 * TICK)).containsExactly(alarm);
  }

  @Test
  void next_towardsAFarTime_takesAStepForEachLevelAtMost() {
    var time = 123_456_789_012_345L;
    var alarm = set(time);

    var steps = 0;
    var found = List.<Alarm>of();
    while (found.isEmpty()) {
      steps++;
      assertThat(wheel.next()).isLessThanOrEqualTo(time);
      found = due(wheel.next());
    }
    assertThat(found).containsExactly(alarm);
    assertThat(steps).isLessThanOrEqualTo(8);
  }

  @Test
  void cancel_anyOfARing_leavesTheOthersInOrder() {
    for (var gone = 0; gone < 3; gone++) {
      var fresh = new TimerWheel();
      var alarms = new ArrayList<Alarm>();
      for (var count = 0; count < 3; count++) {
        alarms.add(new Alarm(fresh, 9 * TICK, NOTHING));
        fresh.add(alarms.get(count));
      }
      fresh.cancel(alarms.remove(gone));

      assertThat(due(fresh, 9 * TICK)).containsExactlyElementsOf(alarms);
    }
  }

  @Test
  void cancel_twiceOrAfterItWasDue_doesNothing() {
    var alarm = set(TICK);
    var other = set(2 * TICK);
    wheel.cancel(alarm);
    wheel.cancel(alarm);
    assertThat(due(2 * TICK)).containsExactly(other);
    wheel.cancel(other);

    assertThat(wheel.take(other)).isNull();
    assertThat(wheel.next()).isEqualTo(TimerWheel.NEVER);
  }

  @Test
  void take_asksForATaskOnce() {
    var alarm = set(TICK);
    due(TICK);

    assertThat(wheel.take(alarm)).isSameAs(NOTHING);
    assertThat(wheel.take(alarm)).isNull();
  }

  @Test
  void cancel_millionsAmongOthers_keepsNothingOfThem() {
    var kept = set(50_000 * TICK);
    var last = kept;
    for (var count = 0; count < 2_000_000; count++) {
      last = set((count % 100_000) * TICK + count);
      wheel.cancel(last);
    }

    // One is left in its ring, and nothing is in any other place.
    assertThat(kept.next).isSameAs(kept);
    assertThat(last.next).isSameAs(last);
    assertThat(last.task).isNull();
    wheel.cancel(kept);
    assertThat(wheel.next()).isEqualTo(TimerWheel.NEVER);
  }

  @Test
  void close_forgetsWhatWaitsAndWhatIsDueAndTakesNoMore() {
    var due = set(TICK);
    var waits = set(1_000 * TICK);
    var beside = set(1_000 * TICK);
    due(TICK);

    wheel.close();

    assertThat(wheel.take(due)).isNull();
    assertThat(List.of(waits, beside)).allMatch(alarm -> alarm.task == null && alarm.next == alarm);
    assertThat(wheel.next()).isEqualTo(TimerWheel.NEVER);
    assertThat(wheel.add(new Alarm(wheel, 2 * TICK, NOTHING))).isFalse();
    assertThat(due(2_000 * TICK)).isEmpty();
    wheel.cancel(waits);
  }

  @Test
  void anySequence_isAsOfASortedList() {
    var seed = new Random().nextLong();
    System.out.println("anySequence_isAsOfASortedList seed: " + seed);
    var random = new Random(seed);
    for (var run = 0; run < 200; run++) {
      new Sequence(random).play(500);
    }
  }

  @Test
  void advance_manyOfFewTimes_areInOrderOnceSorted() {
    var alarms = new ArrayList<Alarm>();
    for (var count = 0; count < 1_000; count++) {
      alarms.add(set((count * 7_919L % 13) * 10_000 * TICK));
    }
    var due = new ArrayList<>(due(200_000 * TICK));
    due.sort(Comparator.comparingLong(Alarm::atNanos));
    alarms.sort(Comparator.comparingLong(Alarm::atNanos));

    assertThat(due).containsExactlyElementsOf(alarms);
  }

  private Alarm set(long atNanos) {
    var alarm = new Alarm(wheel, atNanos, NOTHING);
    wheel.add(alarm);
    return alarm;
  }

  private List<Alarm> due(long nowNanos) {
    return due(wheel, nowNanos);
  }

  private static List<Alarm> due(TimerWheel wheel, long nowNanos) {
    var due = new ArrayList<Alarm>();
    wheel.advance(nowNanos, due);
    return due;
  }

  /** A wheel beside a list that is searched from end to end. */
  private static final class Sequence {

    private final Random random;
    private final TimerWheel wheel = new TimerWheel();
    private final List<Alarm> waiting = new ArrayList<>();
    private long now;

    Sequence(Random random) {
      this.random = random;
    }

    void play(int steps) {
      for (var step = 0; step < steps; step++) {
        switch (random.nextInt(4)) {
          case 0, 1 -> add();
          case 2 -> cancel();
          default -> advance();
        }
      }
    }

    private void add() {
      var alarm = new Alarm(wheel, now + anyLength(), NOTHING);
      wheel.add(alarm);
      waiting.add(alarm);
    }

    private void cancel() {
      if (!waiting.isEmpty()) {
        wheel.cancel(waiting.remove(random.nextInt(waiting.size())));
      }
    }

    private void advance() {
      var first = waiting.stream().mapToLong(Alarm::atNanos).min().orElse(TimerWheel.NEVER);
      var next = wheel.next();
      assertThat(next).isLessThanOrEqualTo(first);
      assertThat(next == TimerWheel.NEVER).isEqualTo(waiting.isEmpty());
      now = random.nextBoolean() && !waiting.isEmpty() ? Math.max(now, next) : now + anyLength();

      var expected = waiting.stream().filter(alarm -> alarm.atNanos() <= now).toList();
      assertThat(due(wheel, now)).containsExactlyInAnyOrderElementsOf(expected);
      waiting.removeAll(expected);
      assertThat(wheel.next()).isGreaterThan(now);
    }

    /** From nothing to hours, each magnitude as often. */
    private long anyLength() {
      return random.nextLong() >>> (20 + random.nextInt(44));
    }
  }
}
