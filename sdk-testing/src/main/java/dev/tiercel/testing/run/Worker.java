package dev.tiercel.testing.run;

import dev.tiercel.Keyspace;
import dev.tiercel.ServingClient;
import dev.tiercel.error.ServingException;
import dev.tiercel.testing.check.HistoryRecorder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * The main class of a worker: a process with a client of its own that reads and writes until it is
 * told to stop, and writes down all it did. It ends with its input.
 */
final class Worker {

  /** What it says. */
  static final String READY = "ready";

  static final String STOPPED = "stopped";
  static final String READ_ALL = "read all";

  /** What it is told. */
  static final String START = "start";

  static final String STOP = "stop";
  static final String READ = "read";
  static final String EXPIRE_ALL = "expire all";

  private static final int MOST_ROUNDS = 100;
  private static final int QUICK_ROUNDS = 10;
  private static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int WARM_UP_KEYS = 10;
  private static final int BROKEN = 3;

  /** Added to the number of the process that makes the final reads: a history has one process. */
  private static final int FINAL_READER = 1_000;

  private Worker() {}

  /** Runs it, with the arguments of a {@link WorkerOrder}. */
  public static void main(String[] args) throws Exception {
    var output = System.out;
    // What libraries print belongs into the log.
    System.setOut(System.err);
    Thread.setDefaultUncaughtExceptionHandler(Worker::die);
    var order = WorkerOrder.parse(args);
    var subject = order.instance();
    try (var client = ServingClient.create()) {
      var keyspace = client.keyspace(subject.spec(order.where()));
      warmUp(keyspace, order.number());
      try (var recorder = HistoryRecorder.open(keyspace, order.number(), order.history())) {
        var groups = new GroupCalls(recorder, keyspace, subject);
        var workload = new Workload(order, recorder, groups, line -> say(output, line));
        workload.fill();
        serve(workload, output, () -> readAll(order, keyspace));
      }
    }
  }

  /** Asks the source itself for every key, in a history of its own. */
  private static void readAll(WorkerOrder order, Keyspace<String, String> keyspace) {
    var reader = FINAL_READER + order.number();
    try (var recorder = HistoryRecorder.open(keyspace, reader, order.finalHistory())) {
      Workload.keys().forEach(key -> recorder.read(key, Workload.CONSISTENT));
    }
  }

  private static void serve(Workload workload, PrintStream output, Runnable readAll)
      throws IOException, InterruptedException {
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    say(output, READY);
    for (var line = input.readLine(); line != null; line = input.readLine()) {
      switch (line) {
        case START -> workload.start();
        case STOP -> {
          workload.stop();
          say(output, STOPPED);
        }
        case EXPIRE_ALL -> workload.expireAll();
        case READ -> {
          readAll.run();
          say(output, READ_ALL);
        }
        default -> workload.hear(line);
      }
    }
    workload.stop();
  }

  /** Goes on until calls are quick: classes are loaded then, and connections open. */
  private static void warmUp(Keyspace<String, String> keyspace, int number) {
    var quick = 0;
    for (var round = 0; round < MOST_ROUNDS && quick < QUICK_ROUNDS; round++) {
      var start = System.nanoTime();
      warmUp(keyspace, "warm-up-" + number + "-" + round % WARM_UP_KEYS);
      quick = System.nanoTime() - start < QUICK_NANOS ? quick + 1 : 0;
    }
  }

  private static void warmUp(Keyspace<String, String> keyspace, String key) {
    try {
      keyspace.put(key, "0");
      keyspace.getEntry(key);
      keyspace.expire(key);
      keyspace.getEntry(key);
    } catch (ServingException slowAtFirst) {
      // That is what it is for.
    }
  }

  private static void say(PrintStream output, String line) {
    output.println(line);
    output.flush();
  }

  /** A thread that broke is nothing to go on with: what it would have done is missing. */
  private static void die(Thread thread, Throwable thrown) {
    System.err.println(thread.getName() + ": broke (expected: no exception)");
    thrown.printStackTrace();
    Runtime.getRuntime().halt(BROKEN);
  }
}
