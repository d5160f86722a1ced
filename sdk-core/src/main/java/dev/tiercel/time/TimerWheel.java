package dev.tiercel.time;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Alarms by their times, as on the rings of an odometer: the lowest level has a place for each of
 * 64 ticks, the next for each of 64 times as many, and so on. Scheme 7 of George Varghese and Tony
 * Lauck, "Hashed and Hierarchical Timing Wheels" (SOSP 1987).
 *
 * <p>Setting and cancelling take a few steps whatever the number of alarms, and nothing is left of
 * one that was cancelled. An alarm is in the level of the highest digit in which its time differs
 * from the present, so each level holds what is due after all of the levels below, and a bit for
 * each place that is not empty finds the next one in a step. When the time comes to a place of a
 * higher level, its alarms move down, in their order.
 *
 * <p>Ticks only sort: an alarm is due at its own nanosecond. Times are nanoseconds since an origin
 * of the caller's, zero or more. Thread-safe; the lock is held for those few steps only, and for
 * one per alarm that is due or moves down.
 */
final class TimerWheel {

  /** When nothing is due ever. */
  static final long NEVER = Long.MAX_VALUE;

  /** A tick is 2^16 ns, about 66 us; eight levels of six bits are then more than a long can say. */
  private static final int TICK_BITS = 16;

  private static final int LEVEL_BITS = 6;
  private static final int LEVELS = 8;
  private static final int PLACES = 1 << LEVEL_BITS;

  /** The first alarm of each place's ring; the last is the one before it. */
  private final @Nullable Alarm[] rings = new Alarm[LEVELS * PLACES];

  /** A bit of each place of a level: whether its ring has alarms. */
  private final long[] occupied = new long[LEVELS];

  /** The present, as of when it was last told: everything before has been taken out. */
  private long tick;

  private boolean closed;

  /** Lets an alarm wait for its time; false if the wheel is closed. */
  synchronized boolean add(Alarm alarm) {
    if (!closed) {
      link(alarm);
    }
    return !closed;
  }

  /** Forgets an alarm that has not begun to run. */
  synchronized void cancel(Alarm alarm) {
    alarm.task = null;
    if (alarm.place != Alarm.NOWHERE) {
      unlink(alarm);
    }
  }

  /** What a due alarm is to run: to be asked once, and null if it has been forgotten. */
  synchronized @Nullable Runnable take(Alarm alarm) {
    var task = alarm.task;
    alarm.task = null;
    return closed ? null : task;
  }

  /**
   * Takes out what is due.
   *
   * @param nowNanos no less than the last time
   * @param due where it is added to; alarms of the same time keep the order in which they were set
   */
  synchronized void advance(long nowNanos, List<Alarm> due) {
    var now = nowNanos >> TICK_BITS;
    var place = earliest();
    while (place != Alarm.NOWHERE && start(place) <= now) {
      tick = start(place);
      empty(place, nowNanos, due);
      // What is still in the present tick's place is due later within the tick.
      place = isPresent(place, now) ? Alarm.NOWHERE : earliest();
    }
    tick = now;
  }

  /**
   * Until when nothing is due: the time of the first alarm, or of a step towards it, of which there
   * is at most one a level; {@link #NEVER} if there is no alarm.
   */
  synchronized long next() {
    var place = earliest();
    if (place == Alarm.NOWHERE) {
      return NEVER;
    }
    return place < PLACES ? first(place) : start(place) << TICK_BITS;
  }

  /** Forgets all alarms, those that are due and have not begun to run too, and takes no more. */
  synchronized void close() {
    closed = true;
    for (var place = earliest(); place != Alarm.NOWHERE; place = earliest()) {
      for (var alarm = rings[place]; alarm != null; alarm = rings[place]) {
        cancel(alarm);
      }
    }
  }

  private void link(Alarm alarm) {
    var time = Math.max(alarm.atNanos() >> TICK_BITS, tick);
    var level = level(time);
    var digit = (int) (time >> (level * LEVEL_BITS)) & (PLACES - 1);
    alarm.place = level * PLACES + digit;
    occupied[level] |= 1L << digit;
    var first = rings[alarm.place];
    if (first == null) {
      rings[alarm.place] = alarm;
    } else {
      alarm.next = first;
      alarm.previous = first.previous;
      first.previous.next = alarm;
      first.previous = alarm;
    }
  }

  private void unlink(Alarm alarm) {
    if (alarm.next == alarm) {
      clear(alarm.place);
    } else if (rings[alarm.place] == alarm) {
      rings[alarm.place] = alarm.next;
    }
    alarm.previous.next = alarm.next;
    alarm.next.previous = alarm.previous;
    alone(alarm);
  }

  /** Links of what is no longer here would keep its former neighbours from being collected. */
  private static void alone(Alarm alarm) {
    alarm.next = alarm;
    alarm.previous = alarm;
    alarm.place = Alarm.NOWHERE;
  }

  private void clear(int place) {
    rings[place] = null;
    occupied[place / PLACES] &= ~(1L << (place % PLACES));
  }

  /** Takes out the alarms of a place that has come; those not due yet wait further down. */
  private void empty(int place, long nowNanos, List<Alarm> due) {
    var first = rings[place];
    clear(place);
    var alarm = first;
    while (alarm != null) {
      var next = alarm.next;
      alone(alarm);
      if (alarm.atNanos() <= nowNanos) {
        due.add(alarm);
      } else {
        link(alarm);
      }
      alarm = next == first ? null : next;
    }
  }

  /** The place with the first alarms. */
  private int earliest() {
    for (var level = 0; level < LEVELS; level++) {
      if (occupied[level] != 0) {
        return level * PLACES + Long.numberOfTrailingZeros(occupied[level]);
      }
    }
    return Alarm.NOWHERE;
  }

  private boolean isPresent(int place, long now) {
    return place < PLACES && start(place) == now;
  }

  /** The first tick of a place. */
  private long start(int place) {
    var shift = place / PLACES * LEVEL_BITS;
    var above = shift + LEVEL_BITS;
    return (tick >> above << above) | ((long) (place % PLACES) << shift);
  }

  private int level(long time) {
    var differs = (time ^ tick) | (PLACES - 1);
    return (Long.SIZE - 1 - Long.numberOfLeadingZeros(differs)) / LEVEL_BITS;
  }

  /** The time of the first alarm of a place; only in the lowest level are these few. */
  private long first(int place) {
    var earliest = NEVER;
    var first = rings[place];
    var alarm = first;
    while (alarm != null) {
      earliest = Math.min(earliest, alarm.atNanos());
      alarm = alarm.next == first ? null : alarm.next;
    }
    return earliest;
  }
}
