package dev.tiercel.redis;

import io.lettuce.core.protocol.RedisCommand;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One connection to Redis, from when it is ready until it is lost. Thread-safe. */
interface Link {

  /**
   * Sends commands in one write. Each ends by itself: answered, refused because too many are
   * waiting already, failed because the link is lost, or cancelled.
   */
  List<RedisCall> send(List<? extends RedisCommand<byte[], byte[], List<byte[]>>> commands);

  /** Whether it is connected and has not fallen silent. Once it is not, it is of no more use. */
  boolean isUsable();

  /** Ends the connection and whatever is on its way. May be called twice. */
  CompletableFuture<Void> close();
}
