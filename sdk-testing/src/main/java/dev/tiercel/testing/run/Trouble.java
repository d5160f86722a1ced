package dev.tiercel.testing.run;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.tiercel.testing.check.FaultWindow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Makes the trouble of a plan, on the thread that asks for it, and notes when it was. Closing it
 * heals whatever is broken.
 */
final class Trouble implements AutoCloseable {

  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Fleet fleet;
  private final Sabotage sabotage;
  private final CompletableFuture<Object> firstEnd;
  private final Map<PlannedFault, Broken> broken = new LinkedHashMap<>();
  private final List<FaultWindow> windows = new ArrayList<>();

  /** Something that is broken, since when, and how it is healed. */
  private record Broken(long sinceNanos, Runnable heal) {}

  Trouble(Fleet fleet) {
    this.fleet = fleet;
    sabotage = new Sabotage(fleet);
    firstEnd = fleet.firstEnd();
  }

  /**
   * Takes as long as the run. After a third of it the first worker is told to expire everything:
   * that happens in every run, whatever the dice say.
   *
   * @throws WorkerException if a worker ends meanwhile
   */
  void play(FaultPlan plan, Duration length) throws InterruptedException {
    var origin = System.nanoTime();
    var coming = new ArrayList<>(plan.faults());
    coming.sort(Comparator.comparingInt(PlannedFault::startMillis));
    var next = coming.iterator();
    var fault = next.hasNext() ? next.next() : null;
    var expired = false;
    for (var now = 0L; now < length.toNanos(); now = System.nanoTime() - origin) {
      heal(NANOSECONDS.toMillis(now));
      if (!expired && now >= length.toNanos() / 3) {
        fleet.members().get(0).worker().tell(Worker.EXPIRE_ALL);
        expired = true;
      }
      while (fault != null && TimeUnit.MILLISECONDS.toNanos(fault.startMillis()) <= now) {
        begin(fault);
        fault = next.hasNext() ? next.next() : null;
      }
      await();
    }
    close();
  }

  /** What was broken, and when, as far as it was a fault. */
  List<FaultWindow> windows() {
    return List.copyOf(windows);
  }

  private void begin(PlannedFault fault) {
    var since = System.nanoTime();
    broken.put(fault, new Broken(since, sabotage.begin(fault)));
  }

  private void heal(long nowMillis) {
    for (var fault : List.copyOf(broken.keySet())) {
      if (fault.endMillis() <= nowMillis) {
        heal(fault);
      }
    }
  }

  private void heal(PlannedFault fault) {
    var healed = broken.remove(fault);
    if (healed != null) {
      healed.heal().run();
      if (fault.kind().isFault()) {
        var end = System.nanoTime() + aftermathNanos(fault);
        windows.add(fault.window(healed.sinceNanos(), end));
      }
    }
  }

  /** A process that was frozen has to wake up first: its threads run one after another. */
  private static long aftermathNanos(PlannedFault fault) {
    return fault.kind() == FaultKind.WORKER_PAUSE ? TimeUnit.MILLISECONDS.toNanos(500) : 0;
  }

  private void await() throws InterruptedException {
    try {
      firstEnd.get(STEP_NANOS, NANOSECONDS);
      fleet.requireAllAlive();
    } catch (TimeoutException allRun) {
      // As they should.
    } catch (ExecutionException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() {
    List.copyOf(broken.keySet()).forEach(this::heal);
  }
}
