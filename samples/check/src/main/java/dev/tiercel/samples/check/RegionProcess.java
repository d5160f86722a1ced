package dev.tiercel.samples.check;

import dev.tiercel.Keyspace;
import dev.tiercel.ReadOptions;
import dev.tiercel.ServingClient;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.region.Place;
import dev.tiercel.testing.check.HistoryRecorder;
import dev.tiercel.testing.check.Operation.Write;
import dev.tiercel.testing.check.Outcome;
import dev.tiercel.testing.region.HarnessRegion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A process of a region: a client of its own, on the clock of its region, whose threads read and
 * write a few hundred keys and write down all they did.
 */
final class RegionProcess implements AutoCloseable {

  static final int KEYS = 300;
  private static final int READERS = 4;
  private static final int WRITERS = 2;
  private static final int KEYS_OF_A_BATCH = 8;
  private static final long BETWEEN_READS = TimeUnit.MILLISECONDS.toNanos(6);
  private static final long BETWEEN_WRITES = TimeUnit.MILLISECONDS.toNanos(120);
  private static final Duration DRAIN = Duration.ofSeconds(2);

  private final long seed;
  private final int number;
  private final Handover handover;
  private final ServingClient client;
  private final HistoryRecorder recorder;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;

  /**
   * Opens the keyspace.
   *
   * @param number tells it from the others
   * @param history where it writes down what it did
   * @param listener hears of its regions
   */
  RegionProcess(
      RegionalStore store,
      HarnessRegion region,
      int number,
      long seed,
      Path history,
      Handover handover,
      ServingListener listener) {
    this.seed = seed;
    this.number = number;
    this.handover = handover;
    client = ServingClient.builder()
        .place(Place.of(region.name()))
        .time(region.time())
        .listener(listener)
        .drainTime(DRAIN)
        .build();
    Keyspace<String, String> keyspace = store.open(client, region.name());
    recorder = HistoryRecorder.open(keyspace, number, history);
  }

  /** Every key there may be. */
  static List<String> keys() {
    return IntStream.range(0, KEYS).mapToObj(RegionProcess::key).toList();
  }

  /** Writes every key once. */
  void fill() {
    keys().forEach(recorder::put);
  }

  /** Asks the source itself for every key. */
  void readAll() {
    var consistent = ReadOptions.defaults().maxStaleness(Duration.ZERO);
    keys().forEach(key -> recorder.read(key, consistent));
  }

  void start() {
    for (var reader = 0; reader < READERS; reader++) {
      var random = random(reader);
      run("reader-" + number + "-" + reader, BETWEEN_READS, () -> read(random));
    }
    for (var writer = 0; writer < WRITERS; writer++) {
      var random = random(READERS + writer);
      run("writer-" + number + "-" + writer, BETWEEN_WRITES, () -> write(random));
    }
  }

  /** Ends the threads, after the calls they are in. */
  void stop() throws InterruptedException {
    stopped = true;
    for (var thread : threads) {
      thread.join();
    }
  }

  private RandomGenerator random(int thread) {
    return new SplittableRandom(seed * 1_000_003 + number * 101L + thread);
  }

  private void run(String name, long pause, Runnable step) {
    var thread = new Thread(
        () -> {
          while (!stopped) {
            step.run();
            LockSupport.parkNanos(pause);
          }
        },
        name);
    threads.add(thread);
    thread.start();
  }

  private void read(RandomGenerator random) {
    var dice = random.nextInt(100);
    if (dice < 10) {
      handover.any(random).ifPresent(version -> recorder.read(version.key(), version.options()));
    } else if (dice < 20) {
      recorder.readAll(some(random), ReadOptions.defaults());
    } else {
      recorder.read(popular(random));
    }
  }

  private void write(RandomGenerator random) {
    var key = popular(random);
    announce(random.nextInt(10) == 0 ? recorder.remove(key) : recorder.put(key));
  }

  private void announce(Write write) {
    if (write.outcome() instanceof Outcome.Acknowledged done) {
      handover.give(write.key(), done.version());
    }
  }

  private static Set<String> some(RandomGenerator random) {
    var keys = new LinkedHashSet<String>();
    while (keys.size() < KEYS_OF_A_BATCH) {
      keys.add(popular(random));
    }
    return keys;
  }

  /** A few often, most seldom. */
  private static String popular(RandomGenerator random) {
    return key(random.nextInt(1 + random.nextInt(KEYS)));
  }

  private static String key(int number) {
    return "key-" + number;
  }

  /** Leaves the history whole. */
  @Override
  public void close() {
    recorder.close();
    client.close();
  }
}
