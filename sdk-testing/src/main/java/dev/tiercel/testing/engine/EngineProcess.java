package dev.tiercel.testing.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The life of an engine's process: one port and one directory, and one process after another on
 * them.
 */
final class EngineProcess implements AutoCloseable {
  static final String HOST = "127.0.0.1";
  static final long PATIENCE_SECONDS = 10;
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final int PORT_ATTEMPTS = 5;

  /** What differs between engines. */
  interface Blueprint {
    String name();

    List<String> command(int port, Path directory);

    /** Whether the engine in that process, and no other, answers on the port. */
    boolean answers(int port, long pid);
  }

  private final Blueprint blueprint;
  private final PortLease lease;
  private final Path directory;
  private final Thread hook;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile boolean closed;
  private volatile @Nullable Process process;
  private @Nullable Lifeline lifeline;

  private EngineProcess(Blueprint blueprint, PortLease lease, Path directory) {
    this.blueprint = blueprint;
    this.lease = lease;
    this.directory = directory;
    this.hook = new Thread(this::abandon, "tiercel-" + blueprint.name() + "-end");
  }

  /**
   * Starts the engine on a free port, and on another one if somebody else was quicker to listen
   * there.
   */
  static EngineProcess launch(Machine machine, Blueprint blueprint) {
    for (int attempt = 1; ; attempt++) {
      var lease = PortLease.take(machine.cache());
      var engine = new EngineProcess(blueprint, lease, temporaryDirectory(blueprint));
      Runtime.getRuntime().addShutdownHook(engine.hook);
      try {
        engine.start();
        return engine;
      } catch (EngineException failure) {
        engine.close();
        if (attempt == PORT_ATTEMPTS || PortLease.isFree(lease.port())) {
          throw failure;
        }
      }
    }
  }

  int port() {
    return lease.port();
  }

  Optional<ProcessHandle> handle() {
    return Optional.ofNullable(process).map(Process::toHandle);
  }

  /** The file that receives what the engine prints. */
  Path log() {
    return directory.resolve("output.log");
  }

  void start() {
    locked(() -> {
      if (closed) {
        throw new EngineException(blueprint.name() + ": closed (expected: start before close)");
      }
      if (running() == null) {
        release();
        awaitAnswer(spawn());
      }
    });
  }

  void ensureAnswering() {
    locked(() -> {
      var running = running();
      if (running == null) {
        start();
      } else if (!Machine.isWindows()) {
        Signals.resume(running.pid());
      }
    });
  }

  void stop() {
    locked(() -> {
      var running = running();
      if (running != null) {
        if (!Machine.isWindows()) {
          Signals.resume(running.pid());
        }
        running.destroy();
        if (!ended(running)) {
          running.destroyForcibly();
        }
        release();
      }
    });
  }

  void kill() {
    locked(this::release);
  }

  void pause() {
    locked(() -> Signals.stop(required().pid()));
  }

  void resume() {
    locked(() -> Signals.resume(required().pid()));
  }

  @Override
  public void close() {
    locked(() -> {
      closed = true;
      release();
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException theJvmIsEnding) {
        // The hook then runs as well, and finds nothing left to do.
      }
      Directories.delete(directory);
      lease.close();
    });
  }

  /** The JVM ends: without the lock, which a thread that still waits for a start may hold. */
  private void abandon() {
    closed = true;
    var running = running();
    if (running != null) {
      ended(running.destroyForcibly());
    }
    Directories.delete(directory);
  }

  private Process spawn() {
    var builder = new ProcessBuilder(blueprint.command(port(), directory));
    builder
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(log().toFile());
    // Options meant for this JVM, such as agents, are not meant for the engine's.
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    try {
      var spawned = builder.start();
      process = spawned;
      lifeline = Lifeline.to(spawned, directory);
      return spawned;
    } catch (IOException failure) {
      release();
      throw new EngineException(
          blueprint.name() + ": cannot be run (expected: an executable program)", failure);
    }
  }

  private void awaitAnswer(Process spawned) {
    boolean settled = Waiting.until(
        () -> !spawned.isAlive() || blueprint.answers(port(), spawned.pid()), START_LIMIT);
    if (!settled || !spawned.isAlive()) {
      var state = spawned.isAlive() ? "does not answer" : "ended with code " + spawned.exitValue();
      var output = Directories.tail(log());
      release();
      throw new EngineException(
          blueprint.name() + " on port " + port() + ": " + state + " (expected: an answer within "
              + START_LIMIT.toSeconds() + " s). Its output:\n" + output);
    }
  }

  /** Ends the process if there is one, and then the watcher. */
  private void release() {
    var current = process;
    if (current != null && !ended(current.destroyForcibly())) {
      throw new EngineException(
          blueprint.name() + ": process " + current.pid() + " still runs (expected: killed)");
    }
    process = null;
    if (lifeline != null) {
      lifeline.close();
      lifeline = null;
    }
  }

  private @Nullable Process running() {
    var current = process;
    return current != null && current.isAlive() ? current : null;
  }

  private Process required() {
    var running = running();
    if (running == null) {
      throw new EngineException(blueprint.name() + ": not running (expected: started)");
    }
    return running;
  }

  private void locked(Runnable step) {
    lock.lock();
    try {
      step.run();
    } finally {
      lock.unlock();
    }
  }

  private static boolean ended(Process process) {
    return Waiting.uninterruptibly(() -> process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
  }

  private static Path temporaryDirectory(Blueprint blueprint) {
    try {
      return Files.createTempDirectory("tiercel-" + blueprint.name() + "-");
    } catch (IOException failure) {
      throw new EngineException(
          blueprint.name() + ": no temporary directory (expected: a writable one)", failure);
    }
  }
}
