package dev.tiercel.testing.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The signals that freeze and thaw a process, sent by the shell, since the JDK knows only how to
 * end one.
 */
public final class Signals {
  private Signals() {}

  /** Whether this system has them: POSIX does, Windows does not. */
  public static boolean areKnown() {
    return !Machine.isWindows();
  }

  /**
   * Freezes every thread of the process, and returns when that is so.
   *
   * @param pid a live process of this user's
   * @throws EngineException if it cannot be done
   */
  public static void stop(long pid) {
    send("STOP", pid);
    var tasks = Path.of("/proc", Long.toString(pid), "task");
    if (Files.isDirectory(tasks) && !Waiting.until(() -> allStopped(tasks), limit())) {
      throw new EngineException(
          "pause: process " + pid + " still runs (expected: stopped by SIGSTOP)");
    }
  }

  /**
   * Thaws the process; does nothing to one that runs.
   *
   * @param pid a live process of this user's
   * @throws EngineException if it cannot be done
   */
  public static void resume(long pid) {
    send("CONT", pid);
  }

  private static void send(String signal, long pid) {
    if (Machine.isWindows()) {
      throw new EngineException("SIG" + signal + ": not known here (expected: a POSIX system)");
    }
    try {
      var shell = new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + pid).start();
      boolean ended = Waiting.uninterruptibly(
          () -> shell.waitFor(EngineProcess.PATIENCE_SECONDS, TimeUnit.SECONDS));
      if (!ended || shell.exitValue() != 0) {
        throw new EngineException(
            "SIG" + signal + ": not delivered to process " + pid + " (expected: a live process)");
      }
    } catch (IOException failure) {
      throw new EngineException(
          "SIG" + signal + ": cannot be sent (expected: a shell at /bin/sh)", failure);
    }
  }

  /**
   * Linux: the signal stops the threads one by one, and the last may still be answering when it was
   * sent.
   */
  private static boolean allStopped(Path tasks) {
    try (var all = Files.newDirectoryStream(tasks)) {
      for (var task : all) {
        var stat = Files.readString(task.resolve("stat"));
        if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
          return false;
        }
      }
      return true;
    } catch (IOException taskEndedMeanwhile) {
      return false;
    }
  }

  private static Duration limit() {
    return Duration.ofSeconds(EngineProcess.PATIENCE_SECONDS);
  }
}
