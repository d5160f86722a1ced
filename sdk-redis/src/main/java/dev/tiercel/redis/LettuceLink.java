package dev.tiercel.redis;

import dev.tiercel.backend.Completions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.push.PushListener;
import io.lettuce.core.protocol.RedisCommand;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A link over a Lettuce connection that does not reconnect: what is on its way when it is lost
 * fails and is not sent again.
 */
final class LettuceLink implements Link {

  private final StatefulRedisConnection<byte[], byte[]> connection;
  private final Traffic traffic;
  private final Failures failures;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final CompletableFuture<Void> gone = new CompletableFuture<>();

  LettuceLink(
      StatefulRedisConnection<byte[], byte[]> connection, Traffic traffic, Failures failures) {
    this.connection = connection;
    this.traffic = traffic;
    this.failures = failures;
    onLoss(traffic::lose);
    if (!connection.isOpen()) {
      // Lost before anybody could hear of it.
      traffic.lose();
    }
  }

  @Override
  public List<RedisCall> send(List<? extends RedisCommand<byte[], byte[], List<byte[]>>> commands) {
    var calls = prepare(commands);
    dispatch(calls);
    return calls;
  }

  /**
   * Makes calls of commands without sending them yet, so that whoever must hear of their ends in
   * the order of their replies can say so before; refused ones have ended already.
   */
  List<RedisCall> prepare(List<? extends RedisCommand<byte[], byte[], List<byte[]>>> commands) {
    if (!traffic.admit(commands.size())) {
      var full = failures.queueFull(traffic.limit());
      return commands.stream()
          .map(command -> RedisCall.refused(command, traffic, full))
          .toList();
    }
    return commands.stream().map(command -> RedisCall.of(command, traffic)).toList();
  }

  /** Sends prepared calls in one write. */
  void dispatch(List<RedisCall> calls) {
    var open = calls.stream().filter(call -> !call.isDone()).toList();
    try {
      connection.dispatch(open);
    } catch (RuntimeException thrown) {
      fail(open, thrown);
    }
    if (closed.get()) {
      // The end may have passed them by: what it finds waiting it fails, what comes later nobody
      // would.
      fail(open, new RedisException("connection: closed"));
    }
  }

  /**
   * Hears what Redis pushes, on the connection's thread and in order with replies, and of the loss
   * of the connection.
   */
  void listen(PushListener pushes, Runnable lost) {
    connection.addListener(pushes);
    onLoss(lost);
  }

  private void onLoss(Runnable lost) {
    connection.addListener(new RedisConnectionStateListener() {
      @Override
      public void onRedisDisconnected(RedisChannelHandler<?, ?> disconnected) {
        lost.run();
      }
    });
  }

  @Override
  public boolean isUsable() {
    return connection.isOpen() && !traffic.isSilent();
  }

  @Override
  public CompletableFuture<Void> close() {
    if (closed.compareAndSet(false, true)) {
      Completions.onEnd(connection.closeAsync(), (done, failure) -> {
        // In case nobody was told of the loss.
        traffic.lose();
        gone.complete(null);
      });
    }
    return gone;
  }

  private static void fail(List<RedisCall> calls, Throwable why) {
    calls.forEach(call -> call.completeExceptionally(why));
  }
}
