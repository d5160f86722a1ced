package dev.tiercel.redis;

import java.util.concurrent.CompletableFuture;

/** Makes connections, and owns the threads they run on. Thread-safe. */
interface Connector {

  /** Connects; ends within the time-out to connect. */
  CompletableFuture<Link> connect();

  /**
   * Whether this code runs on a thread that connections need for ending: it must not wait for that.
   */
  boolean isOnOwnThread();

  /** Ends every connection and thread; returns when they are gone. May be called twice. */
  void close();
}
