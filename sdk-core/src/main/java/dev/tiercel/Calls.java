package dev.tiercel;

import dev.tiercel.backend.Completions;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Durations;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a client on their way: each ends by its deadline, they are bounded, and closing
 * waits for them.
 */
final class Calls {

  /** A call that only reads: nothing it leaves behind can have been written. */
  static final BooleanSupplier READS = () -> false;

  /** A call that writes from its first step on. */
  static final BooleanSupplier WRITES = () -> true;

  /**
   * How much later than the deadline a call is ended from up here. The layers below end what they
   * do by the deadline itself, and know what became of it; this is for what none of them answers
   * for.
   */
  private static final Duration GRACE = Duration.ofMillis(3);

  /**
   * A call on its way. Its end is the end of its last part, or fails with what the parts still open
   * fail with.
   */
  private static final class Running {

    final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
    final Deadline deadline;
    private final String keyspace;
    private final BooleanSupplier mayHaveWritten;

    Running(String keyspace, Deadline deadline, BooleanSupplier mayHaveWritten) {
      this.keyspace = keyspace;
      this.deadline = deadline;
      this.mayHaveWritten = mayHaveWritten;
    }

    void late() {
      end.completeExceptionally(
          mayHaveWritten.getAsBoolean()
              ? new OutcomeUnknown(
                  "deadline: passed before the write was acknowledged", here(), null)
              : new DeadlineExceeded("deadline: passed before an answer", here(), null));
    }

    void abandoned() {
      end.completeExceptionally(
          mayHaveWritten.getAsBoolean()
              ? new OutcomeUnknown("client: closed before the write was acknowledged", here(), null)
              : closed(here()));
    }

    Where here() {
      return Where.NOWHERE.in(keyspace, deadline.elapsed());
    }
  }

  private final Time time;
  private final int maxInFlight;
  private final Semaphore inFlight;
  private final Set<Running> running = ConcurrentHashMap.newKeySet();
  private volatile boolean open = true;

  Calls(Time time, int maxInFlight) {
    this.time = time;
    this.maxInFlight = maxInFlight;
    this.inFlight = new Semaphore(maxInFlight);
  }

  Deadline deadline(@Nullable Duration asked, Duration byDefault) {
    return Deadline.after(asked == null ? byDefault : asked, time);
  }

  /** Runs a call of one part; see {@link #runAll}. A refusal comes as a failed future. */
  <T extends @Nullable Object> CompletableFuture<T> run(
      String keyspace,
      Deadline deadline,
      BooleanSupplier mayHaveWritten,
      Supplier<CompletableFuture<T>> work) {
    try {
      return runAll(keyspace, deadline, mayHaveWritten, () -> List.of(work.get()))
          .get(0);
    } catch (ServingException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  /**
   * Runs a call of several parts, each to its own end: its result, its typed failure, or the
   * deadline.
   *
   * @param mayHaveWritten whether a part that has no answer by the deadline may have changed
   *     something. If not, what the work returned is cancelled once nobody waits for it
   * @param work begins the parts
   * @return futures of their own, which the caller may cancel
   * @throws ServingException if the call is refused
   */
  <T extends @Nullable Object> List<CompletableFuture<T>> runAll(
      String keyspace,
      Deadline deadline,
      BooleanSupplier mayHaveWritten,
      Supplier<List<CompletableFuture<T>>> work) {
    refuse(keyspace, deadline);
    var call = new Running(keyspace, deadline, mayHaveWritten);
    running.add(call);
    Completions.onEnd(call.end, (done, failure) -> {
      running.remove(call);
      inFlight.release();
    });
    if (!open) {
      // Closed since it was let in: too late to be drained, and no timer would end it.
      call.end.complete(null);
      throw closed(call.here());
    }
    List<CompletableFuture<T>> answers;
    try {
      answers = work.get().stream()
          .map(part -> answer(part, keyspace, deadline, mayHaveWritten))
          .toList();
    } catch (RuntimeException | Error thrown) {
      call.end.complete(null);
      throw unwrapped(thrown);
    }
    finish(call, answers);
    return answers;
  }

  private static <T extends @Nullable Object> CompletableFuture<T> answer(
      CompletableFuture<T> part,
      String keyspace,
      Deadline deadline,
      BooleanSupplier mayHaveWritten) {
    var answer = new CompletableFuture<T>();
    Completions.onEnd(part, (result, failure) -> {
      if (failure == null) {
        answer.complete(result);
      } else {
        answer.completeExceptionally(typed(failure, keyspace, deadline));
      }
    });
    Completions.onEnd(answer, (result, failure) -> {
      // Lets go of a load nobody waits for any more; a write goes on to its end.
      if (!mayHaveWritten.getAsBoolean()) {
        part.cancel(true);
      }
    });
    return answer;
  }

  /** Ends the parts by the deadline or when the client closes, and the call with its last part. */
  private <T extends @Nullable Object> void finish(
      Running call, List<CompletableFuture<T>> answers) {
    var last = CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new));
    if (last.isDone()) {
      call.end.complete(null);
      return;
    }
    var timer = time.schedule(call.deadline.remaining().plus(GRACE), call::late);
    Completions.onEnd(last, (done, failure) -> call.end.complete(null));
    Completions.onEnd(call.end, (done, failure) -> {
      timer.cancel();
      if (failure != null) {
        answers.forEach(answer -> answer.completeExceptionally(failure));
      }
    });
  }

  private void refuse(String keyspace, Deadline deadline) {
    var here = Where.NOWHERE.in(keyspace, Duration.ZERO);
    if (!open) {
      throw closed(here);
    }
    if (deadline.hasPassed()) {
      throw new DeadlineExceeded("deadline: passed before the call began", here, null);
    }
    if (!inFlight.tryAcquire()) {
      if (!open) {
        throw closed(here);
      }
      throw new Overloaded("calls in flight: " + maxInFlight + " (expected: fewer)", here, null);
    }
  }

  /**
   * Refuses new calls, waits for those on their way, then fails what is left.
   *
   * @return whether all had ended
   */
  boolean close(Duration timeout) throws InterruptedException {
    open = false;
    var drained = false;
    try {
      drained = inFlight.tryAcquire(maxInFlight, Durations.nanos(timeout), TimeUnit.NANOSECONDS);
    } finally {
      running.forEach(Running::abandoned);
    }
    return drained;
  }

  private static Unavailable closed(Where here) {
    return new Unavailable("client: closed (expected: open)", here, null);
  }

  /** The failure in the closed vocabulary, whatever a future wrapped it in. */
  static ServingException unwrapped(Throwable failure) {
    var wrapped = failure instanceof CompletionException || failure instanceof ExecutionException;
    var inner = failure.getCause();
    var cause = wrapped && inner != null ? inner : failure;
    return cause instanceof ServingException serving
        ? serving
        : new Unavailable(
            "call: failed with " + cause.getClass().getSimpleName(), Where.NOWHERE, cause);
  }

  private static ServingException typed(Throwable failure, String keyspace, Deadline deadline) {
    var cause = unwrapped(failure);
    return cause.at(cause.where().in(keyspace, deadline.elapsed()));
  }
}
