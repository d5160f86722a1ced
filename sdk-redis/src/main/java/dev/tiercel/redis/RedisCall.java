package dev.tiercel.redis;

import dev.tiercel.backend.Completions;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A command on its way. It knows whether it may have reached Redis, and is counted until it is
 * answered or can no longer be sent; a cancelled one that was sent is answered all the same.
 */
final class RedisCall extends AsyncCommand<byte[], byte[], List<byte[]>> {

  private enum Stage {
    WAITING,
    SENT,
    ANSWERED,
    WITHDRAWN
  }

  private static final AtomicReferenceFieldUpdater<RedisCall, @Nullable Leftovers> LEFTOVERS =
      AtomicReferenceFieldUpdater.newUpdater(RedisCall.class, Leftovers.class, "leftovers");

  private final Traffic traffic;
  private final AtomicReference<Stage> stage;
  private volatile @Nullable Leftovers leftovers;

  private RedisCall(
      RedisCommand<byte[], byte[], List<byte[]>> command, Traffic traffic, Stage stage) {
    super(command);
    this.traffic = traffic;
    this.stage = new AtomicReference<>(stage);
  }

  /** A command that its connection has counted already. */
  static RedisCall of(RedisCommand<byte[], byte[], List<byte[]>> command, Traffic traffic) {
    var call = new RedisCall(command, traffic, Stage.WAITING);
    Completions.onEnd(call.toCompletableFuture(), (reply, failure) -> call.withdrawIfWaiting());
    return call;
  }

  /** A command that was not sent and never will be. */
  static RedisCall refused(
      RedisCommand<byte[], byte[], List<byte[]>> command, Traffic traffic, Throwable why) {
    var call = new RedisCall(command, traffic, Stage.WITHDRAWN);
    call.completeExceptionally(why);
    return call;
  }

  /** Whether Redis may have run the command: its bytes have been handed on. */
  boolean mayHaveRun() {
    var now = stage.get();
    return now == Stage.SENT || now == Stage.ANSWERED;
  }

  /**
   * Tells somebody, once, that the command is gone: answered, never to be sent, or without its
   * connection. That it was cancelled is no such end.
   */
  void endsFor(Leftovers told) {
    leftovers = told;
    traffic.leave(this);
    var now = stage.get();
    if (now == Stage.ANSWERED || now == Stage.WITHDRAWN) {
      // It may have ended before it was left behind.
      traffic.forget(this);
      gone();
    }
  }

  /** The command is no longer on its way. */
  void gone() {
    var told = leftovers;
    if (told != null && LEFTOVERS.compareAndSet(this, told, null)) {
      traffic.forget(this);
      told.oneHasEnded();
    }
  }

  /** The connection writes the command. */
  @Override
  public void encode(ByteBuf buffer) {
    stage.compareAndSet(Stage.WAITING, Stage.SENT);
    super.encode(buffer);
  }

  /** The connection has read the answer. */
  @Override
  public void complete() {
    if (stage.compareAndSet(Stage.SENT, Stage.ANSWERED)) {
      traffic.answered();
    }
    super.complete();
    gone();
  }

  private void withdrawIfWaiting() {
    if (stage.compareAndSet(Stage.WAITING, Stage.WITHDRAWN)) {
      traffic.withdrawn();
      gone();
    }
  }
}
