package dev.tiercel.samples.benchmarks.sim;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.samples.benchmarks.sim.ServerPool.Trigger;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Servers that are slower for a while, and a client that does not wait for them: calls come as they
 * come, and have a deadline. What a client does about slow answers decides whether the servers ever
 * recover.
 */
final class Storm {

  static final Duration DEADLINE = Duration.ofMillis(250);

  private static final double MILLIS_PER_SECOND = 1_000;

  private final Plan plan;
  private final VirtualTime time = new VirtualTime();
  private final long begin = time.nanos();
  private final ServerPool servers;
  private final Backend backend;
  private final SplittableRandom arrivals;
  private final double perSecond;
  private final StormOutcome outcome;
  private long ended;
  private long sent;
  private boolean over;

  /**
   * When it is how.
   *
   * @param slowFrom when service begins to take longer
   * @param slowTo when that ends
   * @param length when calls end coming
   * @param factor how much longer service takes
   */
  record Plan(Duration slowFrom, Duration slowTo, Duration length, double factor) {

    /** 70 s, of which from second 20 to second 30 everything takes 1.5 times as long. */
    static Plan standard() {
      return new Plan(Duration.ofSeconds(20), Duration.ofSeconds(30), Duration.ofSeconds(70), 1.5);
    }
  }

  private Storm(Plan plan, double utilisation, long seed, Layers layers) {
    this.plan = plan;
    var random = new SplittableRandom(seed);
    arrivals = random.split();
    servers = new ServerPool(
        time,
        random.split(),
        new Trigger(
            begin + plan.slowFrom().toNanos(), begin + plan.slowTo().toNanos(), plan.factor()));
    backend = layers.around(servers, time, random.split());
    perSecond = utilisation * ServerPool.SERVERS * MILLIS_PER_SECOND / ServerPool.MEAN_MILLIS;
    outcome = new StormOutcome(plan);
  }

  /**
   * Runs once.
   *
   * @param utilisation how busy the servers would be with one read per call and no trigger
   */
  static StormOutcome run(Plan plan, double utilisation, long seed, Layers layers) {
    return new Storm(plan, utilisation, seed, layers).run();
  }

  private StormOutcome run() {
    scheduleNext();
    time.runUntil(() -> over && ended == sent);
    outcome.reads(servers.reads());
    return outcome;
  }

  private void scheduleNext() {
    var pause = Arrivals.pause(arrivals, perSecond);
    if (time.nanos() + pause - begin < plan.length().toNanos()) {
      time.in(pause, this::arrive);
    } else {
      over = true;
    }
  }

  private void arrive() {
    sent++;
    var at = time.nanos();
    var call = backend.read(servers.next(), CallContext.of(Deadline.after(DEADLINE, time)));
    servers.settle();
    var unused = call.whenComplete((result, failure) -> {
      ended++;
      outcome.ended(at - begin, time.nanos() - at, isAnswer(result));
    });
    scheduleNext();
  }

  private static boolean isAnswer(ReadResult result) {
    return result != null && result.outcomes().get(0) instanceof ReadOutcome.Found;
  }

  static double seconds(Duration duration) {
    return duration.toNanos() / (double) TimeUnit.SECONDS.toNanos(1);
  }
}
