package dev.tiercel.redis;

import dev.tiercel.backend.Completions;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

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

  private final Traffic traffic;
  private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.WAITING);

  private RedisCall(RedisCommand<byte[], byte[], List<byte[]>> command, Traffic traffic) {
    super(command);
    this.traffic = traffic;
  }

  /** A command that its connection has counted already. */
  static RedisCall of(RedisCommand<byte[], byte[], List<byte[]>> command, Traffic traffic) {
    var call = new RedisCall(command, traffic);
    Completions.onEnd(call.toCompletableFuture(), (reply, failure) -> call.withdrawIfWaiting());
    return call;
  }

  /** A command that was not sent and never will be. */
  static RedisCall refused(
      RedisCommand<byte[], byte[], List<byte[]>> command, Traffic traffic, Throwable why) {
    var call = new RedisCall(command, traffic);
    call.completeExceptionally(why);
    return call;
  }

  /** Whether Redis may have run the command: its bytes have been handed on. */
  boolean mayHaveRun() {
    var now = stage.get();
    return now == Stage.SENT || now == Stage.ANSWERED;
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
  }

  private void withdrawIfWaiting() {
    if (stage.compareAndSet(Stage.WAITING, Stage.WITHDRAWN)) {
      traffic.withdrawn();
    }
  }
}
