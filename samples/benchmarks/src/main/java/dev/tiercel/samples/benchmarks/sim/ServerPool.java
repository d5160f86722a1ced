package dev.tiercel.samples.benchmarks.sim;

import dev.tiercel.backend.ReadRequest;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Servers with one worker and one queue each, first in, first out, behind one address. A call's
 * first read goes to a random server, and a second one, should there be any, to another. Nothing is
 * taken out of a queue, also when nobody waits any more.
 */
final class ServerPool extends Server {

  static final int SERVERS = 20;
  static final double MEAN_MILLIS = 5;

  private static final double SIGMA = 0.8;
  private static final double MU =
      Math.log(MEAN_MILLIS * TimeUnit.MILLISECONDS.toNanos(1)) - SIGMA * SIGMA / 2;
  private static final List<ReadRequest> REQUESTS = IntStream.range(0, SERVERS)
      .mapToObj(server -> ReadRequest.of("storm", List.of(Integer.toString(server))))
      .toList();
  private static final int NONE = -1;

  private final VirtualTime time;
  private final SplittableRandom places;
  private final SplittableRandom services;
  private final Trigger trigger;
  private final long[] idleFrom = new long[SERVERS];
  private int arriving = NONE;

  /**
   * When service takes longer.
   *
   * @param fromNanos from this instant on
   * @param toNanos until this one
   * @param factor so many times as long
   */
  record Trigger(long fromNanos, long toNanos, double factor) {

    double factorAt(long nanos) {
      return nanos >= fromNanos && nanos < toNanos ? factor : 1;
    }
  }

  ServerPool(VirtualTime time, SplittableRandom random, Trigger trigger) {
    super(time);
    this.time = time;
    this.trigger = trigger;
    places = random.split();
    services = random.split();
  }

  /** What the next call asks; it is sent before {@link #settle}, or not at all. */
  ReadRequest next() {
    arriving = places.nextInt(SERVERS);
    return REQUESTS.get(arriving);
  }

  /** Reads that arrive from now on are second ones, until the next call. */
  void settle() {
    arriving = NONE;
  }

  @Override
  long serve(ReadRequest request) {
    var server = serverFor(request);
    var begin = Math.max(time.nanos(), idleFrom[server]);
    idleFrom[server] = begin + Math.round(service() * trigger.factorAt(begin));
    return idleFrom[server] - time.nanos();
  }

  private int serverFor(ReadRequest request) {
    var first = Integer.parseInt(request.keys().get(0));
    if (arriving == first) {
      settle();
      return first;
    }
    return (first + 1 + services.nextInt(SERVERS - 1)) % SERVERS;
  }

  private double service() {
    return Math.exp(MU + SIGMA * services.nextGaussian());
  }
}
