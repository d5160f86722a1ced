package dev.tiercel.samples.check;

import dev.tiercel.testing.engine.RedisEngine;
import dev.tiercel.testing.engine.Waiting;
import dev.tiercel.testing.run.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Many readers in several processes miss the same key at the same instant; counts how often it is
 * loaded. Every load adds a line to a file that all processes share, before it begins.
 */
final class LeaseExperiment {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long AHEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final int processes;
  private final int readers;
  private final boolean killHolder;

  LeaseExperiment(int processes, int readers, boolean killHolder) {
    this.processes = processes;
    this.readers = readers;
    this.killHolder = killHolder;
  }

  LeaseOutcome run() throws IOException, InterruptedException {
    var directory = Files.createTempDirectory("tiercel-leases-");
    var loads = Files.createFile(directory.resolve("loads"));
    var workers = new ArrayList<WorkerProcess>();
    try (var redis = RedisEngine.launch()) {
      try {
        start(redis, loads, workers);
        return measure(loads, workers);
      } finally {
        workers.forEach(WorkerProcess::close);
      }
    } finally {
      delete(directory);
    }
  }

  private void start(RedisEngine redis, Path loads, List<WorkerProcess> workers)
      throws InterruptedException {
    for (var number = 0; number < processes; number++) {
      workers.add(WorkerProcess.start(
          "reader-" + number,
          LeaseWorker.class,
          List.of(redis.uri().toString(), loads.toString(), Integer.toString(readers)),
          loads.resolveSibling(""),
          List.of(),
          line -> false));
    }
    for (var worker : workers) {
      worker.await(LeaseWorker.READY, PATIENCE);
    }
  }

  private LeaseOutcome measure(Path loads, List<WorkerProcess> workers)
      throws InterruptedException {
    var instant = System.nanoTime() + AHEAD_NANOS;
    workers.forEach(worker -> worker.tell(Long.toString(instant)));
    var left = new ArrayList<>(workers);
    if (killHolder) {
      var holder = holder(loads, workers);
      holder.kill();
      left.remove(holder);
    }
    var answers = new ArrayList<String>();
    for (var worker : left) {
      answers.add(worker.name() + ": " + worker.next(PATIENCE));
    }
    return new LeaseOutcome(
        lines(loads).size(), killHolder ? 2 : 1, left.size() * readers, List.copyOf(answers));
  }

  /** Who was first to load, as soon as somebody is. */
  private static WorkerProcess holder(Path loads, List<WorkerProcess> workers) {
    if (!Waiting.until(() -> !lines(loads).isEmpty(), PATIENCE)) {
      throw new IllegalStateException("loads: none (expected: one)");
    }
    var pid = Long.parseLong(lines(loads).get(0));
    return workers.stream()
        .filter(worker -> worker.pid() == pid)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("pid: " + pid + " (expected: a worker's)"));
  }

  /** The lines that are whole: one is being written at any time. */
  private static List<String> lines(Path file) {
    try {
      var text = Files.readString(file);
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
