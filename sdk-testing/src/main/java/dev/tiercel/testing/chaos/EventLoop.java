package dev.tiercel.testing.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One daemon thread that does everything a proxy does, so that nothing of it needs a lock. */
final class EventLoop implements AutoCloseable {

  private static final int BUFFER_BYTES = 1 << 16;

  private final Selector selector;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Void> closing = new CompletableFuture<>();
  private final Thread thread;

  /** For one read at a time. */
  final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

  /** Is told when its channel can be read, written, or has connected. */
  @FunctionalInterface
  interface Handler {
    void ready(SelectionKey key);
  }

  EventLoop(String threadName) {
    try {
      selector = Selector.open();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    thread = new Thread(this::run, threadName);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  SelectionKey register(SelectableChannel channel, int operations, Handler handler)
      throws IOException {
    channel.configureBlocking(false);
    return channel.register(selector, operations, handler);
  }

  /** Runs a task on the loop, some time; not at all once it is closed. */
  void execute(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  /**
   * Runs a task on the loop and waits for it, until every channel it closed is closed.
   *
   * @throws IllegalStateException if the loop is closed
   */
  <T> T call(Supplier<T> task) {
    if (Thread.currentThread() == thread) {
      return task.get();
    }
    var done = new CompletableFuture<T>();
    execute(() -> {
      try {
        var result = task.get();
        // A channel that is registered is not closed before it is taken off the selector.
        selector.selectNow();
        done.complete(result);
      } catch (RuntimeException | IOException | Error failure) {
        done.completeExceptionally(failure);
      }
    });
    try {
      CompletableFuture.anyOf(done, closing).join();
    } catch (CompletionException failure) {
      throw rethrown(failure.getCause());
    }
    if (!done.isDone()) {
      throw new IllegalStateException("proxy: closed (expected: open)");
    }
    return done.join();
  }

  boolean isClosed() {
    return closing.isDone();
  }

  /** Ends the thread and waits for its end. */
  @Override
  public void close() {
    closing.complete(null);
    selector.wakeup();
    boolean interrupted = false;
    while (thread.isAlive() && Thread.currentThread() != thread) {
      try {
        thread.join();
      } catch (InterruptedException again) {
        // Cleaning up must not be cut short.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (selector) {
      while (!closing.isDone()) {
        selector.select();
        runTasks();
        serve();
      }
      closeChannels();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } finally {
      // Also if it failed: nobody may wait for a thread that is gone.
      closing.complete(null);
    }
  }

  private void runTasks() {
    for (var task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  private void serve() {
    var ready = selector.selectedKeys();
    ready.forEach(EventLoop::serve);
    ready.clear();
  }

  private static void serve(SelectionKey key) {
    try {
      if (key.isValid()) {
        ((Handler) key.attachment()).ready(key);
      }
    } catch (CancelledKeyException closed) {
      // By what was served before it.
      return;
    }
  }

  private void closeChannels() throws IOException {
    for (var key : selector.keys()) {
      key.channel().close();
    }
    selector.selectNow();
  }

  private static RuntimeException rethrown(@Nullable Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException("proxy: failed (expected: running)", failure);
  }
}
