package dev.tiercel.testing.run;

import dev.tiercel.testing.engine.Signals;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A JVM of its own with the class path of this one, talked to line by line: what it is told arrives
 * on its standard input, what it prints on its standard output is heard here, its standard error
 * goes to a file.
 *
 * <p>A worker is expected to end when its standard input does, and so dies with this JVM. Safe for
 * use by several threads.
 */
public final class WorkerProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Several share the machine, and live for a minute or two. */
  private static final List<String> SMALL =
      List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private static final List<String> FOR_THIS_JVM_ONLY =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS");
  private static final int TAIL_LINES = 30;

  /** What stands in the queue after the last line; no line can be it. */
  private static final String END = "\n";

  private final String name;
  private final Path log;
  private final Process process;
  private final BufferedWriter input;
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  private final Thread listener;

  private WorkerProcess(String name, Path log, Process process, Predicate<String> heard) {
    this.name = name;
    this.log = log;
    this.process = process;
    this.input = process.outputWriter(StandardCharsets.UTF_8);
    this.listener = new Thread(() -> listen(heard), "tiercel-" + name);
    listener.setDaemon(true);
  }

  /**
   * Starts a worker.
   *
   * @param name what it is called in messages, and its log file
   * @param main its main class
   * @param arguments the arguments of its main method
   * @param directory where its log goes
   * @param options JVM options, such as system properties
   * @param heard hears every line first, on a thread of the worker's; true if it wants the line for
   *     itself, false if the line is for {@link #next}. Must not block
   * @throws UncheckedIOException if it cannot be started
   */
  public static WorkerProcess start(
      String name,
      Class<?> main,
      List<String> arguments,
      Path directory,
      List<String> options,
      Predicate<String> heard) {
    var log = directory.resolve(name + ".log");
    var builder = new ProcessBuilder(command(main, arguments, options));
    builder.redirectError(log.toFile());
    builder.environment().keySet().removeAll(FOR_THIS_JVM_ONLY);
    try {
      var worker = new WorkerProcess(name, log, builder.start(), heard);
      worker.listener.start();
      return worker;
    } catch (IOException failure) {
      throw new UncheckedIOException(name + ": cannot be started", failure);
    }
  }

  private static List<String> command(Class<?> main, List<String> arguments, List<String> options) {
    var command = new ArrayList<String>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.addAll(SMALL);
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return command;
  }

  /** What it is called. */
  public String name() {
    return name;
  }

  /** The id of its process. */
  public long pid() {
    return process.pid();
  }

  /** Whether it runs, or is paused. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Sends it a line; what a worker that has ended is told is lost. */
  public void tell(String line) {
    synchronized (input) {
      try {
        input.write(line);
        input.newLine();
        input.flush();
      } catch (IOException itHasEnded) {
        // Whoever waits for its next line hears of it.
      }
    }
  }

  /**
   * The next line it says that is not heard otherwise.
   *
   * @param limit how long to wait
   * @throws WorkerException if it says nothing in time, or has ended
   */
  public String next(Duration limit) throws InterruptedException {
    var line = said.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
    if (line == null) {
      throw new WorkerException(name + ": silent for " + limit + " (expected: a line)" + tail());
    }
    if (line.equals(END)) {
      said.add(END);
      throw new WorkerException(name + ": ended" + code() + " (expected: a line)" + tail());
    }
    return line;
  }

  /**
   * Waits for one certain line, past all others.
   *
   * @param line the line
   * @param limit how long to wait for each line
   * @throws WorkerException if it does not say it in time, or has ended
   */
  public void await(String line, Duration limit) throws InterruptedException {
    while (!next(limit).equals(line)) {
      // What else it says is of no interest here.
    }
  }

  /** Freezes it: nothing in it happens until {@link #resume}; see {@link Signals#areKnown}. */
  public void pause() {
    Signals.stop(process.pid());
  }

  /** Thaws it. */
  public void resume() {
    Signals.resume(process.pid());
  }

  /** Ends it at once, as a crash would, and waits until it has ended. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** Completes when it has ended. */
  CompletableFuture<Process> end() {
    return process.onExit();
  }

  /** Asks it to end. */
  void endInput() {
    try {
      input.close();
    } catch (IOException itHasEnded) {
      // That is what is wanted.
    }
  }

  /** Ends its standard input, which asks it to end, waits, and kills it if it has not. */
  @Override
  public void close() {
    endInput();
    if (!awaitEnd()) {
      kill();
    }
    try {
      listener.join(PATIENCE.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean awaitEnd() {
    try {
      return process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private void listen(Predicate<String> heard) {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      for (var line = output.readLine(); line != null; line = output.readLine()) {
        if (!heard.test(line)) {
          said.add(line);
        }
      }
    } catch (IOException itHasEnded) {
      // It has nothing more to say.
    } finally {
      said.add(END);
    }
  }

  private String code() {
    return process.isAlive() ? "" : " with code " + process.exitValue();
  }

  /** The end of its log, for a message. */
  private String tail() {
    try {
      var lines =
          new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
      var last = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
      return ". Its log ends:\n" + String.join("\n", last);
    } catch (IOException unreadable) {
      return "";
    }
  }
}
