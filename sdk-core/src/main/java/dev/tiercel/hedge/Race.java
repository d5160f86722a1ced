package dev.tiercel.hedge;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Unavailable;
import dev.tiercel.health.Endpoint;
import dev.tiercel.observe.Refusal;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One read that was not answered at once: what its caller waits for, and what its timer runs. The
 * first acceptable outcome of each key wins; once every key has one, or the deadline has passed, or
 * the caller has left, the legs still on their way are cancelled.
 *
 * <p>The board is the monitor of all that has happened; it is not held while an endpoint is asked,
 * a future completed or a listener told.
 */
final class Race extends CompletableFuture<ReadResult> implements Runnable {

  private final Course course;
  private final ReadRequest request;
  private final CallContext context;
  private final DelayEstimator delay;
  private final long startNanos;
  private final Board board;
  private final List<Leg> legs = new ArrayList<>(2);
  private Time.@Nullable Timer timer;

  /** Legs whose end has not been dealt with, those about to be sent included. */
  private int running;

  /** The timer waits for the deadline; until then it waits for the read to be slow. */
  private boolean isLastTimer;

  /** A leg beyond the first has been sent, or could not be: there is no other. */
  private boolean hedged;

  /** The estimator has been told how long the first attempt took. */
  private boolean measured;

  private boolean over;

  private Race(
      Course course,
      ReadRequest request,
      CallContext context,
      DelayEstimator delay,
      long startNanos) {
    this.course = course;
    this.request = request;
    this.context = context;
    this.delay = delay;
    this.startNanos = startNanos;
    this.board = new Board(course, request);
  }

  /** Reads; without a race if the main endpoint answers at once. */
  static CompletableFuture<ReadResult> run(
      Course course, ReadRequest request, CallContext context) {
    var delay = course.delays().of(request);
    var first = course.routes().first(request);
    var start = course.time().nanos();
    var sent = first.backend().read(Leg.request(request, null, !first.isReplica()), context);
    if (sent.isDone() && !sent.isCompletedExceptionally() && !first.isReplica()) {
      var result = sent.join();
      var answers = answers(result);
      if (answers == request.keys().size() || !course.routes().hasReplicas()) {
        course.noteRead(request, result.outcomes());
        settledAtOnce(course, context, delay, answers, course.time().nanos() - start);
        return sent;
      }
    }
    var race = new Race(course, request, context, delay, start);
    race.begin(first, sent);
    return race;
  }

  private static int answers(ReadResult result) {
    var answers = 0;
    for (var outcome : result.outcomes()) {
      answers += outcome instanceof ReadOutcome.Failed ? 0 : 1;
    }
    return answers;
  }

  private static void settledAtOnce(
      Course course, CallContext context, DelayEstimator delay, int answers, long took) {
    if (answers == 0) {
      delay.unanswered(took);
      return;
    }
    delay.answered(took);
    if (context.attempt() == 1) {
      course.budget().succeeded(answers);
    }
  }

  private void begin(Route first, CompletableFuture<ReadResult> sent) {
    var leg = new Leg(this, first, false, !first.isReplica(), null, startNanos, sent);
    synchronized (board) {
      running++;
      add(leg);
    }
    Completions.onEnd(sent, leg);
  }

  /** Under the monitor. One timer at a time, and none while everything is answered at once. */
  private void add(Leg leg) {
    legs.add(leg);
    if (timer != null || leg.answer().isDone()) {
      return;
    }
    var left = context.deadline().remainingNanos();
    var wait = !hedged && course.routes().canHedge(leg.route(), request)
        ? delay.delayNanos() - (course.time().nanos() - startNanos)
        : DelayEstimator.NEVER;
    isLastTimer = wait >= left;
    timer = course.time().schedule(Duration.ofNanos(Math.min(wait, left)), this);
  }

  /** The read is slow, or its time is over. */
  @Override
  public void run() {
    if (isDone() || context.deadline().hasPassed()) {
      end(true);
      return;
    }
    boolean slow;
    synchronized (board) {
      if (over) {
        return;
      }
      timer = course.time().schedule(context.deadline().remaining(), this);
      slow = !isLastTimer && !hedged;
      isLastTimer = true;
      if (slow) {
        hedged = true;
        running++;
      }
    }
    if (slow) {
      extra(course.routes().another(request, this::hasAsked), open());
    }
  }

  /** A leg has ended. */
  void arrived(Leg leg, @Nullable ReadResult result, @Nullable Throwable thrown) {
    var won = 0;
    boolean settled;
    synchronized (board) {
      if (over) {
        return;
      }
      if (result == null) {
        board.fail(leg, typed(thrown));
      } else {
        won = board.take(leg, result);
      }
      settled = board.isSettled();
    }
    credit(leg, won);
    if (!leg.extra()) {
      afterFirst(won > 0 || settled, settled);
    }
    leave();
  }

  private ServingException typed(@Nullable Throwable thrown) {
    var cause = thrown == null ? null : Completions.cause(thrown);
    if (cause instanceof ServingException serving) {
      return serving;
    }
    var name = cause == null ? "no result" : cause.getClass().getSimpleName();
    return new Unavailable("endpoint: failed with " + name, course.where(), cause);
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
      synchronized (board) {
        running++;
      }
      enter(main, open(), false);
      return;
    }
    measure(answered);
    if (!settled && course.routes().hasReplicas()) {
      failOver();
    }
  }

  /** A replica may have what the main endpoint has failed to answer. */
  private void failOver() {
    int[] positions;
    synchronized (board) {
      positions = board.openAndRetryable();
      if (over || hedged || positions.length == 0) {
        return;
      }
      hedged = true;
      running++;
    }
    extra(course.routes().replica(request, this::hasAsked), positions);
  }

  /** Sends another leg, whose place has been reserved, if there is a way and a token. */
  private void extra(@Nullable Route route, int[] positions) {
    var keys = positions.length;
    if (route == null) {
      course.listener().onRefusal(firstEndpoint(), Refusal.HEDGE_SATURATED);
    } else if (keys > 0 && !course.budget().tryPay(keys)) {
      course.listener().onRefusal(route.vitals().endpoint(), Refusal.HEDGE_BUDGET);
    } else if (keys > 0) {
      course.listener().onHedge(firstEndpoint(), route.vitals().endpoint(), keys);
      enter(route, positions, true);
      return;
    }
    leave();
  }

  private void enter(Route route, int[] positions, boolean extra) {
    var whole = !route.isReplica() && (request.lease().isZero() || !hasAsked(route));
    int number;
    synchronized (board) {
      if (over) {
        return;
      }
      number = context.attempt() + legs.size();
    }
    var asked = Leg.request(request, positions, whole);
    var sentNanos = course.time().nanos();
    var sent = route.backend().read(asked, context.attempt(number));
    var leg = new Leg(this, route, extra, whole, positions, sentNanos, sent);
    boolean wanted;
    synchronized (board) {
      wanted = !over;
      if (wanted) {
        add(leg);
      }
    }
    if (!wanted) {
      sent.cancel(true);
    }
    Completions.onEnd(sent, leg);
  }

  private Endpoint firstEndpoint() {
    synchronized (board) {
      return legs.get(0).route().vitals().endpoint();
    }
  }

  private boolean hasAsked(Route route) {
    synchronized (board) {
      return legs.stream().anyMatch(leg -> leg.route() == route);
    }
  }

  private int[] open() {
    synchronized (board) {
      return board.open();
    }
  }

  /** A reserved place is free again; the last one out ends the race. */
  private void leave() {
    boolean ended;
    synchronized (board) {
      running--;
      ended = running == 0 || board.isSettled();
    }
    if (ended) {
      end(false);
    }
  }

  /** Tells the estimator, once, how long the first attempt took until its end, or has taken. */
  private void measure(boolean answered) {
    synchronized (board) {
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
    synchronized (board) {
      if (over) {
        return;
      }
      over = true;
      waiting = timer;
    }
    // From here on nobody changes the board or the legs.
    if (waiting != null) {
      waiting.cancel();
    }
    measure(false);
    if (!isDone()) {
      complete(board.result(late ? course.late(context.deadline(), legs.size()) : null));
    }
    // Down to the endpoints' own futures; those that have ended do not mind.
    legs.forEach(leg -> leg.answer().cancel(true));
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
