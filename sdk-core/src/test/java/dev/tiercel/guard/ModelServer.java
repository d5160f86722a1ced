package dev.tiercel.guard;

import dev.tiercel.testing.FakeTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;

/**
 * A server of some threads with a queue before them, first in, first out, and callers who come by
 * chance, at a rate that does not wait for answers, through a limiter each client has for itself. A
 * late call goes on.
 */
final class ModelServer {

  private static final Duration TICK = Duration.ofNanos(250_000);

  /** The first client's. */
  final ConcurrencyLimiter limiter;

  private final List<ConcurrencyLimiter> clients;
  private final FakeTime time;
  private final SplittableRandom random;
  private final Queue<Call> queue = new ArrayDeque<>();
  private int busy;
  private double due;

  int threads = 10;
  double meanMillis = 5;
  double perSecond = 1_000;
  Duration deadline = Duration.ofMillis(250);
  int keys = 1;

  int sent;
  int refused;
  int late;

  private record Call(ConcurrencyLimiter client, long arrived) {}

  ModelServer(ConcurrencyLimiter limiter, FakeTime time, long seed) {
    this(List.of(limiter), time, seed);
  }

  ModelServer(List<ConcurrencyLimiter> clients, FakeTime time, long seed) {
    this.limiter = clients.get(0);
    this.clients = clients;
    this.time = time;
    this.random = new SplittableRandom(seed);
  }

  /** Lets callers call for a while, having set the counts to zero. */
  void run(Duration duration) {
    sent = 0;
    refused = 0;
    late = 0;
    for (var left = duration; !left.isNegative() && !left.isZero(); left = left.minus(TICK)) {
      for (due -= perSecond * TICK.toNanos() / 1e9; due <= 0; due += exponential()) {
        call();
      }
      time.advance(TICK);
    }
  }

  private void call() {
    var client = clients.size() == 1 ? limiter : clients.get(random.nextInt(clients.size()));
    if (!client.tryAcquire()) {
      refused++;
      return;
    }
    sent++;
    queue.add(new Call(client, time.nanos()));
    serve();
  }

  private void serve() {
    if (busy >= threads || queue.isEmpty()) {
      return;
    }
    busy++;
    var call = queue.remove();
    var service = Duration.ofNanos((long) (meanMillis * 1e6 * exponential()));
    time.schedule(service, () -> answer(call));
  }

  private void answer(Call call) {
    busy--;
    var took = time.nanos() - call.arrived;
    var isLate = took > deadline.toNanos();
    late += isLate ? 1 : 0;
    call.client.release(keys, took, isLate ? Signal.DROPPED : Signal.ANSWERED);
    serve();
  }

  /** One on average. */
  private double exponential() {
    return -Math.log(1 - random.nextDouble());
  }
}
