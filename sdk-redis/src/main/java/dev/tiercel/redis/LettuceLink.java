package dev.tiercel.redis;

import dev.tiercel.backend.Completions;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
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
  }

  @Override
  public List<RedisCall> send(List<? extends RedisCommand<byte[], byte[], List<byte[]>>> commands) {
    if (!traffic.admit(commands.size())) {
      var full = failures.queueFull(traffic.limit());
      return commands.stream()
          .map(command -> RedisCall.refused(command, traffic, full))
          .toList();
    }
    var calls = commands.stream().map(command -> RedisCall.of(command, traffic)).toList();
    try {
      connection.dispatch(calls);
    } catch (RuntimeException thrown) {
      fail(calls, thrown);
    }
    if (closed.get()) {
      // The end may have passed them by: what it finds waiting it fails, what comes later nobody
      // would.
      fail(calls, new RedisException("connection: closed"));
    }
    return calls;
  }

  @Override
  public boolean isUsable() {
    return connection.isOpen() && !traffic.isSilent();
  }

  @Override
  public CompletableFuture<Void> close() {
    if (closed.compareAndSet(false, true)) {
      Completions.onEnd(connection.closeAsync(), (done, failure) -> gone.complete(null));
    }
    return gone;
  }

  private static void fail(List<RedisCall> calls, Throwable why) {
    calls.forEach(call -> call.completeExceptionally(why));
  }
}
