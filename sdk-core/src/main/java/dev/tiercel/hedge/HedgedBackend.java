package dev.tiercel.hedge;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.Replica;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.budget.AttemptBudget;
import dev.tiercel.error.Where;
import dev.tiercel.health.DelayEstimator;
import dev.tiercel.health.Delays;
import dev.tiercel.health.Silence;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.time.Durations;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One backend over all its endpoints: every call ends by its deadline, and a read that is slow is
 * asked once more, elsewhere if it can be, and once more after that. A write is never sent twice.
 *
 * <p>The first acceptable outcome of each key wins. Of the main endpoint that is anything but a
 * failure; of a replica, or of the main endpoint asked again without the caller's lease, only a
 * value that is as fresh as the caller wants and, from a replica, no older than what this process
 * has seen. A failure never wins while another answer is on its way; when all have failed the first
 * failure is told, with the others suppressed in it. What has lost is cancelled.
 *
 * <p>A second read is sent only if the endpoint that it would go to takes more and the budget pays
 * for it; otherwise the first goes on alone. It asks only for keys that have no outcome yet. A read
 * that failed before it was slow is taken to a replica under the same conditions.
 *
 * <p>Answers of replicas are labelled in their {@link dev.tiercel.backend.Origin}. Thread-safe. The
 * futures it returns end on the thread of whoever answers, or of the timer, and exceptionally only
 * when they are cancelled; a cancel reaches the endpoints' own futures.
 */
public final class HedgedBackend extends ForwardingBackend {

  /** Keys whose versions are remembered, in each of two generations. */
  private static final int MAX_FLOORS = 1 << 16;

  /**
   * How long a replica's answer may be on its way, at least, without outliving what it must beat.
   */
  private static final Duration REACH = Duration.ofMillis(100);

  private final Course course;
  private final List<Route> replicas;

  /**
   * Puts the endpoints of a backend together.
   *
   * @param main the way to the main endpoint; {@link dev.tiercel.backend.Feature#HEDGED_READS} says
   *     whether it is worth asking twice
   * @param replicas the ways to its replicas, perhaps none
   * @param policy when a read is slow
   * @param reads what replicas are read for
   * @param budget what pays for second reads, and is paid by first ones; shared with whoever
   *     retries
   * @param listener hears of hedges; must not throw, see {@link ServingListener#safe}
   * @param time the clock and the timers
   */
  public HedgedBackend(
      Route main,
      List<Route> replicas,
      HedgePolicy policy,
      ReplicaReads reads,
      AttemptBudget budget,
      ServingListener listener,
      Time time) {
    super(main.backend());
    if (main.isReplica() || !replicas.stream().allMatch(Route::isReplica)) {
      throw new IllegalArgumentException(
          "maxLag: zero of a replica, or not of main (expected: zero of main alone)");
    }
    this.replicas = List.copyOf(replicas);
    var floors = new Floors(floorAge(replicas), MAX_FLOORS, time);
    this.course = new Course(
        new Routes(main, replicas, reads, floors, time),
        new Delays(policy.delay(), time),
        policy.maxHedges(),
        new Silence(Durations.nanos(policy.floor())),
        floors,
        budget,
        listener,
        time,
        Where.at(main.backend().name(), main.backend().region()));
  }

  private static long floorAge(List<Route> replicas) {
    var lag = replicas.stream()
        .mapToLong(replica -> Durations.nanos(replica.maxLag()))
        .max()
        .orElse(0);
    return lag + Math.max(lag, REACH.toNanos());
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    var start = course.time().nanos();
    if (context.deadline().remainingNanos(start) <= 0) {
      return CompletableFuture.completedFuture(
          ReadResult.failed(request.keys().size(), course.late(context.deadline(), 0)));
    }
    var delay = course.delays().of(request);
    var route = course.routes().first(request);
    var sent = route.backend().read(Leg.request(request, null, !route.isReplica()), context);
    if (isSettledAtOnce(request, context, route, sent, delay, start)) {
      return sent;
    }
    var race = new Race(course, request, context, delay, start, route, sent);
    race.begin();
    return race;
  }

  /** The main endpoint has answered already, and there is no other to ask for what has failed. */
  private boolean isSettledAtOnce(
      ReadRequest request,
      CallContext context,
      Route route,
      CompletableFuture<ReadResult> sent,
      DelayEstimator delay,
      long start) {
    if (route.isReplica() || !sent.isDone() || sent.isCompletedExceptionally()) {
      return false;
    }
    var result = sent.join();
    var answers = Board.answers(result);
    if (answers < request.keys().size() && course.routes().hasReplicas()) {
      return false;
    }
    course.noteRead(request, result.outcomes());
    var now = course.time().nanos();
    if (answers == 0) {
      delay.unanswered(now - start);
      return true;
    }
    delay.answered(now - start);
    if (context.attempt() == 1) {
      course.budget().succeeded(answers, now);
    }
    return true;
  }

  @Override
  public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    if (context.deadline().hasPassed()) {
      return CompletableFuture.completedFuture(
          WriteResult.failed(request.mutations().size(), course.late(context.deadline(), 0)));
    }
    return TimedWrite.run(course, request, context);
  }

  /** None: they are part of this. */
  @Override
  public List<Replica> replicas() {
    return List.of();
  }

  @Override
  public void close() {
    replicas.forEach(replica -> replica.backend().close());
    super.close();
  }
}
