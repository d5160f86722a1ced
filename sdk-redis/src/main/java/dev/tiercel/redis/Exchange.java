package dev.tiercel.redis;

import dev.tiercel.backend.Completions;
import dev.tiercel.backend.Occupancy;
import dev.tiercel.error.ServingException;
import io.lettuce.core.protocol.RedisCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * One request and its rounds of commands. Each round begins on the thread that ended the one
 * before; cancelling the answer cancels the round on its way, and no other is begun. Of commands
 * that Redis runs all the same the {@link Occupancy} hears.
 *
 * @param <R> the result of the request
 */
abstract class Exchange<R> {

  private final Occupancy occupancy;
  private final OnItsWay onItsWay = new OnItsWay();
  private final CompletableFuture<R> answer = new Cancellable();
  private volatile List<? extends CompletableFuture<?>> awaited = List.of();

  /** An answer that says what it leaves behind before it is cancelled. */
  private final class Cancellable extends CompletableFuture<R> {
    @Override
    @SuppressWarnings("ReferenceEquality") // the one that hears nothing
    public boolean cancel(boolean mayInterruptIfRunning) {
      if (!isDone() && occupancy != Occupancy.NONE) {
        leave();
      }
      return super.cancel(mayInterruptIfRunning);
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
      return new CompletableFuture<>();
    }
  }

  /**
   * A request that has not begun.
   *
   * @param occupancy hears of commands that outlive it
   */
  Exchange(Occupancy occupancy) {
    this.occupancy = occupancy;
  }

  /** Sends the first round. */
  abstract void begin(Link link);

  /** The result when nothing could be sent. */
  abstract R failed(ServingException cause);

  /** What a bug of ours is told as. */
  abstract ServingException ofBug(RuntimeException thrown);

  /**
   * The answer was cancelled, and what was on its way with it: undoes what that may do in Redis
   * nevertheless. Called after the last command was sent; perhaps twice, by several threads.
   */
  void abandoned() {}

  /** Runs the request, once. */
  final CompletableFuture<R> run(Links links) {
    Completions.onEnd(answer, (result, failure) -> {
      if (answer.isCancelled()) {
        cancel(awaited);
        abandoned();
      }
    });
    var connected = links.acquire();
    await(List.of(connected), () -> begin(connected));
    return answer;
  }

  final void complete(R result) {
    answer.complete(result);
  }

  /** Sends commands in one write and goes on when each has ended. */
  final void send(
      Link link,
      List<? extends RedisCommand<byte[], byte[], List<byte[]>>> commands,
      Consumer<List<Answer>> then) {
    if (!onItsWay.maySend()) {
      return;
    }
    List<RedisCall> calls = List.of();
    try {
      calls = link.send(commands);
    } finally {
      onItsWay.sent(calls);
    }
    var sent = calls;
    await(sent, () -> then.accept(sent.stream().map(Answer::of).toList()));
  }

  private void leave() {
    var leftovers = onItsWay.leave();
    if (leftovers != null) {
      occupancy.until(leftovers);
    }
  }

  /**
   * Runs scripts by their digests, all in one write. Those that Redis does not know, and has not
   * run, are sent once more in full, again in one write.
   */
  final void run(Link link, List<Invocation> invocations, Consumer<List<Answer>> then) {
    send(link, invocations.stream().map(Invocation::byDigest).toList(), answers -> {
      var unknown = new ArrayList<Integer>();
      for (var index = 0; index < answers.size(); index++) {
        if (answers.get(index).isUnknownScript()) {
          unknown.add(index);
        }
      }
      if (unknown.isEmpty()) {
        then.accept(answers);
      } else {
        runInFull(link, invocations, answers, unknown, then);
      }
    });
  }

  private void runInFull(
      Link link,
      List<Invocation> invocations,
      List<Answer> answers,
      List<Integer> unknown,
      Consumer<List<Answer>> then) {
    send(link, unknown.stream().map(index -> invocations.get(index).inFull()).toList(), again -> {
      var all = new ArrayList<>(answers);
      for (var i = 0; i < unknown.size(); i++) {
        all.set(unknown.get(i), again.get(i));
      }
      then.accept(all);
    });
  }

  private void begin(CompletableFuture<Link> connected) {
    Link link;
    try {
      link = connected.join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof ServingException typed) {
        complete(failed(typed));
        return;
      }
      throw failed;
    }
    begin(link);
  }

  private void await(List<? extends CompletableFuture<?>> steps, Runnable then) {
    awaited = steps;
    if (answer.isDone()) {
      cancel(steps);
      if (answer.isCancelled()) {
        // Once more: the end may have come before these were sent.
        abandoned();
      }
    }
    Completions.onEnd(
        CompletableFuture.allOf(steps.toArray(CompletableFuture<?>[]::new)),
        (done, failure) -> proceed(then));
  }

  private void proceed(Runnable then) {
    if (answer.isDone()) {
      return;
    }
    try {
      then.run();
    } catch (RuntimeException thrown) {
      // Nobody else would hear of it, and the call would hang.
      complete(failed(ofBug(thrown)));
    }
  }

  private static void cancel(List<? extends CompletableFuture<?>> steps) {
    steps.forEach(step -> step.cancel(true));
  }
}
