package dev.tiercel.samples.benchmarks.load;

import dev.tiercel.testing.chaos.Direction;
import dev.tiercel.testing.chaos.Fault;
import dev.tiercel.testing.chaos.Injection;
import java.time.Duration;
import java.util.SplittableRandom;

/** Calls go on while nothing passes any more between a client and all its endpoints, and after. */
final class BlackHole {

  /** How often calls in flight are counted. */
  private static final Duration LOOK = Duration.ofMillis(1);

  private static final int SEED = 20_260_101;

  private final RedisGroup group;
  private final Client client;
  private final int rate;
  private final Duration deadline;
  private final Measurement measured = new Measurement();
  private volatile boolean over;
  private volatile long cut;
  private volatile long healed;
  private volatile long sentInOutage;
  private int mostInFlight;

  /**
   * What was found.
   *
   * @param measured all calls, from when they were really made, which is when their deadline begins
   * @param unended whether a call never ended
   * @param calls how many were made in the outage
   * @param attempts reads sent to endpoints during the outage, by each of its calls
   * @param mostInFlight the most that were seen on their way to one endpoint
   * @param back how long after the outage calls still failed
   */
  record Found(
      Measurement measured,
      boolean unended,
      long calls,
      double attempts,
      int mostInFlight,
      Duration back) {}

  BlackHole(RedisGroup group, Client client, int rate, Duration deadline) {
    this.group = group;
    this.client = client;
    this.rate = rate;
    this.deadline = deadline;
  }

  /** Makes calls before, during and after an outage. */
  Found run(Duration before, Duration silent, Duration after) throws InterruptedException {
    var length = before.plus(silent).plus(after);
    var outage = new Outage(length);
    var breaking = new Thread(() -> cut(before, silent), "load-outage");
    var looking = new Thread(this::look, "load-in-flight");
    breaking.start();
    looking.start();
    try {
      call(length, outage);
    } finally {
      over = true;
      looking.join();
      breaking.join();
    }
    var ended = measured.awaitEnd(deadline.plusSeconds(1));
    var calls = outage.callsBetween(cut, healed);
    return new Found(
        measured,
        !ended,
        calls,
        (double) sentInOutage / calls,
        mostInFlight,
        outage.backAfter(healed));
  }

  private void call(Duration length, Outage outage) {
    var keys = new SplittableRandom(SEED);
    new OpenLoop(rate).run(length, due -> {
      var made = System.nanoTime();
      var call = client.read(keys.nextInt(Client.KEYS));
      measured.follow(call, made);
      outage.follow(call);
    });
  }

  private void cut(Duration before, Duration silent) {
    OpenLoop.sleepUntil(System.nanoTime() + before.toNanos());
    var sentBefore = client.sent();
    cut = System.nanoTime();
    var silence = new Fault.BlackHole(Direction.BOTH);
    var holes = group.proxies().stream().map(proxy -> proxy.inject(silence)).toList();
    OpenLoop.sleepUntil(cut + silent.toNanos());
    holes.forEach(Injection::heal);
    sentInOutage = client.sent() - sentBefore;
    healed = System.nanoTime();
  }

  private void look() {
    while (!over) {
      mostInFlight = Math.max(mostInFlight, client.inFlight());
      OpenLoop.sleepUntil(System.nanoTime() + LOOK.toNanos());
    }
  }
}
