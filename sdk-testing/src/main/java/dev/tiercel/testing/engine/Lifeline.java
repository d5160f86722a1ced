package dev.tiercel.testing.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an engine from outliving this JVM, however the JVM ends. A small shell holds the reading
 * end of a pipe whose other end is here: the system closes it with the JVM, and the shell then
 * kills the engine and deletes its directory. Windows has no such shell; there the shutdown hook
 * must do.
 */
final class Lifeline implements AutoCloseable {
  /** Deaf to the signals a terminal sends to everyone, since the engine may survive them. */
  private static final String SCRIPT = "trap '' HUP INT TERM;"
      + " read -r released || { kill -KILL \"$1\" 2>/dev/null; rm -rf -- \"$2\"; }";

  private final @Nullable Process watcher;

  private Lifeline(@Nullable Process watcher) {
    this.watcher = watcher;
  }

  static Lifeline to(Process engine, Path directory) throws IOException {
    if (Machine.isWindows()) {
      return new Lifeline(null);
    }
    var command = new ProcessBuilder(
        "/bin/sh",
        "-c",
        SCRIPT,
        "tiercel-lifeline",
        Long.toString(engine.pid()),
        directory.toString());
    command
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD);
    return new Lifeline(command.start());
  }

  /** Lets the engine go: to be called once it has ended. */
  @Override
  public void close() {
    if (watcher == null) {
      return;
    }
    try (var pipe = watcher.getOutputStream()) {
      pipe.write("released\n".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException watcherIsGone) {
      watcher.destroyForcibly();
    }
    Waiting.uninterruptibly(
        () -> watcher.waitFor(EngineProcess.PATIENCE_SECONDS, TimeUnit.SECONDS));
  }
}
