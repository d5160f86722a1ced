package dev.tiercel.testing.engine;

/**
 * A real engine in a process of its own, listening on one port for its whole life.
 *
 * <p>An engine is running when its factory returns it. It can be stopped, killed, paused and
 * started again, always on the same port; its data lives in memory and is gone once its process is.
 * {@link #close()} ends the process, gives the port back and deletes the engine's temporary files;
 * the end of the JVM does the same, and on POSIX systems a watcher process does it when the JVM
 * itself is killed. No thread of this JVM serves an engine.
 *
 * <p>Ports are taken below the range systems hand out for outgoing connections, and reserved
 * between cooperating JVMs, so that nothing else settles on the port while the engine is down.
 *
 * <p>Safe for use by several threads. All methods block until what they announce is true, and throw
 * {@link EngineException} when it does not become true in time: 60 seconds for a start, 10 seconds
 * otherwise.
 */
public abstract sealed class Engine implements AutoCloseable permits RedisEngine, DynamoDbEngine {
  private final EngineProcess process;

  Engine(EngineProcess process) {
    this.process = process;
  }

  /** The address to connect to: {@code 127.0.0.1}. */
  public final String host() {
    return EngineProcess.HOST;
  }

  /** The port it listens on, the same from the first start to {@link #close()}. */
  public final int port() {
    return process.port();
  }

  /** Whether its process is alive, also while paused. */
  public final boolean isRunning() {
    return process.handle().filter(ProcessHandle::isAlive).isPresent();
  }

  /**
   * Starts it again on the same port, empty, and waits until it answers; does nothing when it is
   * running.
   */
  public final void start() {
    process.start();
  }

  /** Starts it if it is not running, resumes it if it is paused: afterwards it answers. */
  public final void ensureAnswering() {
    process.ensureAnswering();
  }

  /**
   * Asks it to end and waits until it has; a paused engine is resumed first. Does nothing when it
   * is not running.
   */
  public final void stop() {
    process.stop();
  }

  /**
   * Ends it at once, as a crash would: no farewell to its clients. Does nothing when it is not
   * running.
   */
  public final void kill() {
    process.kill();
  }

  /**
   * Freezes it: the system still accepts connections and bytes in its name, but nothing answers (a
   * black hole).
   *
   * @throws EngineException if it is not running, or the system has no {@code SIGSTOP} (Windows)
   */
  public final void pause() {
    process.pause();
  }

  /**
   * Thaws it after {@link #pause()}; what was sent meanwhile is served now.
   *
   * @throws EngineException if it is not running, or the system has no {@code SIGCONT} (Windows)
   */
  public final void resume() {
    process.resume();
  }

  /** Ends it for good, as {@link #kill()}, and gives back all it held. Safe to call twice. */
  @Override
  public final void close() {
    process.close();
  }

  final EngineProcess process() {
    return process;
  }
}
