package dev.tiercel.hedge;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.DirectFuture;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.ServingException;
import dev.tiercel.time.Time;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One write that was not answered at once: what its caller waits for, what its timer runs, and what
 * hears of the answer. A write is never hedged; it ends by its deadline.
 */
final class TimedWrite extends DirectFuture<WriteResult>
    implements Runnable, BiConsumer<@Nullable WriteResult, @Nullable Throwable> {

  private final Course course;
  private final WriteRequest request;
  private final CallContext context;
  private final CompletableFuture<WriteResult> sent;
  private Time.@Nullable Timer timer;

  private TimedWrite(
      Course course,
      WriteRequest request,
      CallContext context,
      CompletableFuture<WriteResult> sent) {
    this.course = course;
    this.request = request;
    this.context = context;
    this.sent = sent;
  }

  /** Writes; without a timer if the endpoint answers at once. */
  static CompletableFuture<WriteResult> run(
      Course course, WriteRequest request, CallContext context) {
    var sent = course.routes().main().backend().write(request, context);
    if (sent.isDone() && !sent.isCompletedExceptionally()) {
      course.noteWrite(request, sent.join());
      return sent;
    }
    var write = new TimedWrite(course, request, context, sent);
    // Before anybody hears of the end, which cancels it.
    write.timer = course.time().schedule(context.deadline().remaining(), write);
    Completions.onEnd(sent, write);
    return write;
  }

  /** The deadline has passed. */
  @Override
  public void run() {
    if (!isDone()) {
      course.noteUnknown(request);
      fail(course.unacknowledged(context.deadline()));
    }
    sent.cancel(true);
  }

  @Override
  public void accept(@Nullable WriteResult result, @Nullable Throwable thrown) {
    stopTimer();
    if (result != null) {
      course.silence().answered();
      course.noteWrite(request, result);
      complete(result);
    } else if (!isDone()) {
      course.noteUnknown(request);
      fail(typed(thrown));
    }
  }

  private void fail(ServingException cause) {
    complete(WriteResult.failed(request.mutations().size(), cause));
  }

  private ServingException typed(@Nullable Throwable thrown) {
    return Completions.typed(
        thrown,
        (name, cause) ->
            new OutcomeUnknown("endpoint: failed with " + name, course.where(), cause));
  }

  private void stopTimer() {
    var waiting = timer;
    if (waiting != null) {
      waiting.cancel();
    }
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    if (!isDone()) {
      course.noteUnknown(request);
    }
    var cancelled = super.cancel(mayInterruptIfRunning);
    if (cancelled) {
      stopTimer();
      sent.cancel(true);
    }
    return cancelled;
  }
}
