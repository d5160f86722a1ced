package dev.tiercel.testing.run;

import dev.tiercel.testing.chaos.ChaosConnection;
import dev.tiercel.testing.chaos.ChaosProxy;
import dev.tiercel.testing.chaos.Direction;
import dev.tiercel.testing.chaos.Fault;
import dev.tiercel.testing.engine.RedisEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Predicate;

/** How each kind of fault is made, and how it is healed. */
final class Sabotage {

  /** So slow that a value of a few bytes takes a large part of a call's deadline. */
  private static final int SLOW_BYTES_PER_SECOND = 1_000;

  /** Enough for the answers to heartbeats, and for a few changes a second. */
  private static final int FEED_BYTES_PER_SECOND = 200;

  private static final int PATIENCE_MILLIS = 10_000;

  private final Fleet fleet;

  Sabotage(Fleet fleet) {
    this.fleet = fleet;
  }

  /**
   * Breaks it.
   *
   * @return heals it
   */
  Runnable begin(PlannedFault fault) {
    var member = fleet.members().get(fault.worker());
    var delay = Duration.ofMillis(fault.delayMillis());
    return switch (fault.kind()) {
      case FEED_CUT -> feed(member, new Fault.Reset());
      case FEED_BLACK_HOLE -> feed(member, new Fault.BlackHole(Direction.TO_CLIENT));
      case FEED_DELAY -> feed(member, new Fault.Delay(Direction.TO_CLIENT, delay));
      case FEED_SLOW -> feed(member, new Fault.Slow(Direction.TO_CLIENT, FEED_BYTES_PER_SECOND));
      case DATA_CUT -> data(member, new Fault.Reset());
      case DATA_BLACK_HOLE -> data(member, new Fault.BlackHole(Direction.BOTH));
      case DATA_SLOW -> data(member, new Fault.Slow(Direction.BOTH, SLOW_BYTES_PER_SECOND));
      case SOURCE_DELAY, SOURCE_LATENCY ->
        source(member, new Fault.Delay(Direction.TO_CLIENT, delay));
      case SOURCE_BLACK_HOLE -> source(member, new Fault.BlackHole(Direction.BOTH));
      case REDIS_RESTART -> restart(fleet.redis());
      case REDIS_FLUSH -> flush(fleet.redis());
      case WORKER_PAUSE -> pause(member.worker());
    };
  }

  private static Runnable feed(Fleet.Member member, Fault fault) {
    return inject(member.redis(), Sabotage::isFeed, fault);
  }

  private static Runnable data(Fleet.Member member, Fault fault) {
    return inject(member.redis(), connection -> !isFeed(connection), fault);
  }

  private static Runnable source(Fleet.Member member, Fault fault) {
    return inject(member.source(), any -> true, fault);
  }

  private static Runnable inject(ChaosProxy proxy, Predicate<ChaosConnection> picks, Fault fault) {
    return proxy.inject(picks, fault)::heal;
  }

  /**
   * The connection that hears of changes says so in its first commands, which clients write in
   * capitals; scripts, which pass on other connections, may speak of it in their comments.
   */
  private static boolean isFeed(ChaosConnection connection) {
    return connection.opening().contains("TRACKING") || connection.opening().contains("SUBSCRIBE");
  }

  private static Runnable restart(RedisEngine redis) {
    redis.kill();
    return redis::start;
  }

  private static Runnable pause(WorkerProcess worker) {
    worker.pause();
    return worker::resume;
  }

  /** Everything it held is gone from one moment to the next, its clients' connections are not. */
  private static Runnable flush(RedisEngine redis) {
    try (var socket = new Socket(redis.host(), redis.port())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write("FLUSHALL\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII));
      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      if (!answer.startsWith("+OK")) {
        throw new IllegalStateException("FLUSHALL: " + answer + " (expected: +OK)");
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return () -> {};
  }
}
