package dev.tiercel.hedge;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.DirectFuture;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Unavailable;
import dev.tiercel.health.DelayEstimator;
import dev.tiercel.observe.Refusal;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One read that was not answered at once: what its caller waits for, and what its timer runs. The
 * first acceptable outcome of each key wins; once every key has one, or the deadline has passed, or
 * the caller has left, the legs still on their way are cancelled.
 *
 * <p>One monitor guards all that has happened; it is not held while an endpoint is asked, a future
 * completed or a listener told.
 */
final class Race extends DirectFuture<ReadResult>
    implements Runnable, BiConsumer<@Nullable ReadResult, @Nullable Throwable> {

  private final Course course;
  private final ReadRequest request;
  private final CallContext context;
  private final DelayEstimator delay;
  private final long startNanos;

  /** Where the first leg went; a {@link Leg} is made of it if its answer is not all there is. */
  private final Route firstRoute;

  private final CompletableFuture<ReadResult> firstAnswer;

  // All that follows is guarded by the race's own monitor.

  private List<Leg> others = List.of();
  private Time.@Nullable Timer timer;

  /** What the legs have brought, key by key, if it was not all brought by the first. */
  private @Nullable Board board;

  /** Legs whose end has not been dealt with, those about to be sent included. */
  private int running;

  /** The timer waits for the deadline; until then it waits for the read to be slow. */
  private boolean isLastTimer;

  /** Legs that have been sent because the others were slow or failed, or could not be. */
  private int hedges;

  /** The estimator has been told how long the first attempt took. */
  private boolean measured;

  /** The main endpoint has been asked with the caller's lease. */
  private boolean hasLeased;

  /** Nothing is taken any more. */
  private boolean over;

  /** A read that has been sent first to where the route leads, at {@code startNanos}. */
  Race(
      Course course,
      ReadRequest request,
      CallContext context,
      DelayEstimator delay,
      long startNanos,
      Route route,
      CompletableFuture<ReadResult> sent) {
    this.course = course;
    this.request = request;
    this.context = context;
    this.delay = delay;
    this.startNanos = startNanos;
    this.firstRoute = route;
    this.firstAnswer = sent;
  }

  /** Follows what has been sent, and sends more. */
  void begin() {
    synchronized (this) {
      running++;
      hasLeased = !firstRoute.isReplica();
      setTimer(firstAnswer);
    }
    Completions.onEnd(firstAnswer, this);
  }

  /** Under the monitor. One timer at a time, and none while everything is answered at once. */
  private void setTimer(CompletableFuture<ReadResult> sent) {
    if (timer != null || sent.isDone()) {
      return;
    }
    var now = course.time().nanos();
    waitFor(now - startNanos, now);
  }

  /**
   * Under the monitor. Waits until the read is slow or, if it may not be hedged any more, for the
   * deadline.
   *
   * @param waited how much of the delay is over
   */
  private void waitFor(long waited, long now) {
    var left = context.deadline().remainingNanos(now);
    var wait = hedges < course.maxHedges() && course.routes().canHedge(firstRoute, request)
        ? delayNanos() - waited
        : DelayEstimator.NEVER;
    isLastTimer = wait >= left;
    timer = course.time().schedule(Duration.ofNanos(Math.min(wait, left)), this);
  }

  private long delayNanos() {
    var usual = course.delays().nanos(request);
    // Only for a way that leads somewhere else, and only once it is known what is usual.
    return hedges == 0
            && !firstRoute.isReplica()
            && course.routes().hasReplicas()
            && usual != DelayEstimator.NEVER
        ? course.silence().delayNanos(usual)
        : usual;
  }

  /** The read is slow, or its time is over. */
  @Override
  public void run() {
    var now = course.time().nanos();
    if (isDone() || context.deadline().remainingNanos(now) <= 0) {
      end(true);
      return;
    }
    boolean slow;
    synchronized (this) {
      if (over) {
        return;
      }
      slow = !isLastTimer && hedges < course.maxHedges();
      if (slow) {
        hedges++;
        running++;
      }
      waitFor(0, now);
    }
    if (slow) {
      if (!firstAnswer.isDone() && !firstRoute.isReplica()) {
        course.silence().slow();
      }
      extra(course.routes().another(request, this::hasAsked), open());
    }
  }

  /** The first leg has ended. */
  @Override
  public void accept(@Nullable ReadResult result, @Nullable Throwable thrown) {
    var main = !firstRoute.isReplica();
    if (main && result != null) {
      course.silence().answered();
    }
    if (result == null || !main || !isWhole(result) || !endWith(result)) {
      arrived(firstLeg(), result, thrown);
    }
  }

  private Leg firstLeg() {
    return new Leg(this, firstRoute, false, !firstRoute.isReplica(), null, startNanos, firstAnswer);
  }

  private boolean isWhole(ReadResult result) {
    return Board.answers(result) == request.keys().size();
  }

  /** A leg has ended. */
  void arrived(Leg leg, @Nullable ReadResult result, @Nullable Throwable thrown) {
    var won = 0;
    boolean settled;
    boolean tooLate;
    List<Mutation> unused = List.of();
    synchronized (this) {
      tooLate = over;
      if (result != null) {
        won = tooLate ? 0 : board().take(leg, result);
        unused = UnusedLeases.of(request, leg, result, board());
      } else if (!tooLate) {
        board().fail(leg, typed(thrown));
      }
      settled = isSettled();
    }
    UnusedLeases.giveBack(course, request.keyspace(), unused);
    if (tooLate) {
      return;
    }
    credit(leg, won);
    if (!leg.extra()) {
      afterFirst(won > 0 || settled, settled);
    }
    leave();
  }

  /**
   * The end of most races, in one step: the first leg has brought everything, and nobody else is on
   * the way. False, and nothing done, if somebody is.
   */
  private boolean endWith(ReadResult result) {
    Time.Timer waiting;
    synchronized (this) {
      if (over || running != 1 || board != null) {
        return false;
      }
      over = true;
      waiting = timer;
    }
    if (waiting != null) {
      waiting.cancel();
    }
    var now = course.time().nanos();
    delay.answered(now - startNanos);
    if (context.attempt() == 1) {
      course.budget().succeeded(request.keys().size(), now);
    }
    course.noteRead(request, result.outcomes());
    if (!complete(result)) {
      // The caller has left in between.
      var leg = firstLeg();
      UnusedLeases.giveBack(
          course, request.keyspace(), UnusedLeases.of(request, leg, result, board()));
    }
    return true;
  }

  private boolean isSettled() {
    return board != null && board.isSettled();
  }

  private Board board() {
    var known = board;
    if (known == null) {
      known = new Board(course, request);
      board = known;
    }
    return known;
  }

  private ServingException typed(@Nullable Throwable thrown) {
    return Completions.typed(
        thrown,
        (name, cause) -> new Unavailable("endpoint: failed with " + name, course.where(), cause));
  }

  private void credit(Leg leg, int won) {
    if (won == 0) {
      return;
    }
    if (leg.extra()) {
      course.listener().onHedgeWon(leg.route().vitals().endpoint(), won);
    } else if (context.attempt() == 1) {
      course.budget().succeeded(won);
    }
  }

  /** What the first attempt has not brought is asked elsewhere, if it can be. */
  private void afterFirst(boolean answered, boolean settled) {
    var main = course.routes().main();
    if (!settled && !hasAsked(main)) {
      // How a spread read misses: not an extra attempt, and not yet the end of the first.
      synchronized (this) {
        running++;
      }
      enter(main, open(), false);
      return;
    }
    measure(answered);
    if (!settled && course.routes().hasReplicas() && !request.freshness().consistent()) {
      failOver();
    }
  }

  /** A replica may have what the main endpoint has failed to answer. */
  private void failOver() {
    int[] positions;
    synchronized (this) {
      positions = board().openAndRetryable();
      if (over || hedges > 0 || positions.length == 0) {
        return;
      }
      hedges = course.maxHedges();
      running++;
    }
    extra(course.routes().replica(request, this::hasAsked), positions);
  }

  /** Sends another leg, whose place has been reserved, if there is a way and a token. */
  private void extra(@Nullable Route route, int[] positions) {
    var keys = positions.length;
    if (route == null) {
      course.listener().onRefusal(firstRoute.vitals().endpoint(), Refusal.HEDGE_SATURATED);
    } else if (keys > 0 && !course.budget().tryPay(keys)) {
      course.listener().onRefusal(route.vitals().endpoint(), Refusal.HEDGE_BUDGET);
    } else if (keys > 0) {
      course.listener().onHedge(firstRoute.vitals().endpoint(), route.vitals().endpoint(), keys);
      enter(route, positions, true);
      return;
    }
    synchronized (this) {
      // Whoever has no room or no token now is not asked again.
      hedges = course.maxHedges();
    }
    leave();
  }

  private void enter(Route route, int[] positions, boolean extra) {
    boolean whole;
    int number;
    synchronized (this) {
      if (over) {
        return;
      }
      // Nobody takes two leases on one key.
      whole = !route.isReplica() && (request.lease().isZero() || !hasLeased);
      hasLeased |= whole;
      number = context.attempt() + 1 + others.size();
    }
    var asked = Leg.request(request, positions, whole);
    var sentNanos = course.time().nanos();
    var sent = route.backend().read(asked, context.attempt(number));
    var leg = new Leg(this, route, extra, whole, positions, sentNanos, sent);
    boolean wanted;
    synchronized (this) {
      wanted = !over;
      if (wanted) {
        others = others.isEmpty() ? new ArrayList<>(2) : others;
        others.add(leg);
        setTimer(sent);
      }
    }
    if (!wanted) {
      sent.cancel(true);
    }
    Completions.onEnd(sent, leg);
  }

  private boolean hasAsked(Route route) {
    synchronized (this) {
      return firstRoute.equals(route)
          || others.stream().anyMatch(leg -> leg.route().equals(route));
    }
  }

  private int[] open() {
    synchronized (this) {
      return board().open();
    }
  }

  /** A reserved place is free again; the last one out ends the race. */
  private void leave() {
    boolean ended;
    synchronized (this) {
      running--;
      ended = running == 0 || isSettled();
    }
    if (ended) {
      end(false);
    }
  }

  /** Tells the estimator, once, how long the first attempt took until its end, or has taken. */
  private void measure(boolean answered) {
    synchronized (this) {
      if (measured) {
        return;
      }
      measured = true;
    }
    var took = course.time().nanos() - startNanos;
    if (answered) {
      delay.answered(took);
    } else {
      delay.unanswered(took);
    }
  }

  private void end(boolean late) {
    Time.Timer waiting;
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      waiting = timer;
    }
    // From here on nobody changes what has come or who was asked.
    if (waiting != null) {
      waiting.cancel();
    }
    measure(false);
    if (!isDone()) {
      complete(board().result(late ? late() : null));
    }
    // Down to the endpoints' own futures; those that have ended do not mind.
    firstAnswer.cancel(true);
    others.forEach(leg -> leg.answer().cancel(true));
  }

  private ServingException late() {
    return course.late(context.deadline(), 1 + others.size());
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    var cancelled = super.cancel(mayInterruptIfRunning);
    if (cancelled) {
      end(false);
    }
    return cancelled;
  }
}
