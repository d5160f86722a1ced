package dev.tiercel.time;

import dev.tiercel.tier.Interleavings;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Threads that set and cancel timers while another looks for due ones and goes to sleep. */
@Tag("interleavings")
class TimersInterleavingsTest {

  @Test
  void timersThatAreSet_whileTheSleeperGoesToSleep_areNeverSleptOver() {
    Interleavings.of(Sleeping.class, ModelSleeping.class)
        .raceThen("isHeard", "look", "set")
        .raceThen("isHeard", "look", "set", "set")
        .raceThen("isHeard", "look", "set cancel", "set")
        .raceThen("isHeard", "look look", "set set")
        .raceThen("isHeard", "look look", "set cancel", "set")
        .assertLinearizable();
  }

  @Test
  void timersThatAreDue_whileOthersAreCancelled_runOnceEach() {
    Interleavings.of(Running.class, ModelRunning.class)
        .raceThen("runAll areRight", "set cancel", "set runAll")
        .raceThen("runAll areRight", "set runAll", "set cancelAll")
        .raceThen("runAll areRight", "set", "set cancel", "runAll")
        .raceThen("runAll areRight", "set set", "cancelAll", "runAll")
        .raceThen("runAll areRight", "set moveDown", "set cancel", "set")
        .raceThen("runAll areRight", "set runAll", "set close")
        .raceThen("runAll areRight", "set cancel", "close", "runAll")
        .assertLinearizable();
  }

  /** Timers due one after the other, and a sleeper that only looks. */
  public static final class Sleeping {

    private static final long FAR = 1L << 30;

    private final AtomicInteger woken = new AtomicInteger();
    private final Timers timers = new Timers(1, woken::incrementAndGet);
    private final AtomicReferenceArray<Time.@Nullable Timer> set = new AtomicReferenceArray<>(4);
    private final AtomicIntegerArray waiting = new AtomicIntegerArray(4);
    private volatile long sleepsUntil = TimerWheel.NEVER;

    /** Sets a timer of the thread's: the later the thread, the earlier it is due. */
    public void set(int thread) {
      set.set(thread, timers.set(at(thread), () -> {}));
      waiting.set(thread, 1);
    }

    private static long at(int thread) {
      return FAR - thread * (FAR / 8);
    }

    /** Cancels the thread's timer. */
    public void cancel(int thread) {
      var timer = set.get(thread);
      if (timer != null) {
        waiting.set(thread, 0);
        timer.cancel();
      }
    }

    /** What the sleeper does when it is awake: it answers to all who woke it, and sleeps. */
    public void look() {
      woken.set(0);
      timers.runDue(1);
      sleepsUntil = timers.sleep();
    }

    /** Whether the sleeper has been woken, or will look before any timer is due. */
    public boolean isHeard() {
      for (var thread = 0; thread < waiting.length(); thread++) {
        if (waiting.get(thread) == 1 && woken.get() == 0 && sleepsUntil > at(thread)) {
          return false;
        }
      }
      return true;
    }
  }

  /** The model: it is. */
  public static final class ModelSleeping {

    /** Sets. */
    public void set(int thread) {}

    /** Cancels. */
    public void cancel(int thread) {}

    /** Looks. */
    public void look() {}

    /** It is. */
    public boolean isHeard() {
      return true;
    }
  }

  /** Timers of one ring, a level above the lowest. */
  public static final class Running {

    private static final int TIMERS = 8;
    private static final long DUE = 1L << 24;

    private final Timers timers = new Timers(1, () -> {});
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicReferenceArray<Time.@Nullable Timer> set =
        new AtomicReferenceArray<>(TIMERS);
    private final AtomicIntegerArray setters = new AtomicIntegerArray(TIMERS);
    private final AtomicIntegerArray cancelled = new AtomicIntegerArray(TIMERS);
    private final AtomicIntegerArray runs = new AtomicIntegerArray(TIMERS);
    private volatile boolean closed;

    /** Sets another timer. */
    public void set(int thread) {
      var number = count.getAndIncrement();
      setters.set(number, thread);
      set.set(number, timers.set(DUE, () -> runs.getAndIncrement(number)));
    }

    /** Cancels the thread's timers. */
    public void cancel(int thread) {
      for (var number = 0; number < count.get(); number++) {
        if (setters.get(number) == thread) {
          cancelOne(number);
        }
      }
    }

    /** Cancels what has been set by then. */
    public void cancelAll() {
      for (var number = 0; number < count.get(); number++) {
        cancelOne(number);
      }
    }

    private void cancelOne(int number) {
      var timer = set.get(number);
      if (timer != null) {
        cancelled.set(number, 1);
        timer.cancel();
      }
    }

    /** The time is near. */
    public void moveDown() {
      timers.runDue(DUE - 1);
    }

    /** The time has come. */
    public void runAll() {
      timers.runDue(DUE);
    }

    /** The end. */
    public void close() {
      closed = true;
      timers.close();
    }

    /** Whether each has run once, or may have been forgotten, and nothing waits any more. */
    public boolean areRight() {
      for (var number = 0; number < count.get(); number++) {
        var mayBeForgotten = closed || cancelled.get(number) == 1;
        if (runs.get(number) != 1 && !(mayBeForgotten && runs.get(number) == 0)) {
          return false;
        }
      }
      return timers.sleep() == TimerWheel.NEVER;
    }
  }

  /** The model: it is so. */
  public static final class ModelRunning {

    /** Sets. */
    public void set(int thread) {}

    /** Cancels. */
    public void cancel(int thread) {}

    /** Cancels. */
    public void cancelAll() {}

    /** Looks. */
    public void moveDown() {}

    /** Runs. */
    public void runAll() {}

    /** Ends. */
    public void close() {}

    /** They are. */
    public boolean areRight() {
      return true;
    }
  }
}
