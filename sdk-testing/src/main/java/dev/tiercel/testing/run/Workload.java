package dev.tiercel.testing.run;

import dev.tiercel.ReadOptions;
import dev.tiercel.testing.check.HistoryRecorder;
import dev.tiercel.testing.check.Operation;
import dev.tiercel.testing.check.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * What a worker's threads do: readers and writers of a few hundred keys, some of which everybody
 * wants at once and most of which nobody touches for seconds. Decided by the seed, save for the
 * order in which threads meet.
 */
final class Workload {

  /** Over all processes, so that more of them do not mean more load. */
  private static final double READS_PER_SECOND = 6_000;

  private static final double WRITES_PER_SECOND = 48;
  private static final int KEYS = 300;

  /** Keys beyond these that nobody writes but for races: what a race leaves stays to be seen. */
  private static final int RACED_KEYS = 120;

  private static final String PREFIX = "key-";

  /** The versions of one key in so many are handed over. */
  private static final int HANDED_OVER = 3;

  private static final double RACES_PER_SECOND = 500;
  private static final double EXPIRY_ATTEMPTS_PER_SECOND = 2;
  private static final int READERS = 4;
  private static final int WRITERS = 2;
  private static final int READS_AT_ONCE = 8;
  private static final int KEYS_OF_A_BATCH = 8;
  private static final long MOST_HEAD_START_NANOS = TimeUnit.MILLISECONDS.toNanos(60);

  /** Asks the source itself. */
  static final ReadOptions CONSISTENT = ReadOptions.defaults().maxStaleness(Duration.ZERO);

  private final WorkerOrder order;
  private final HistoryRecorder recorder;
  private final GroupCalls groups;
  private final Consumer<String> say;
  private final Floors floors = new Floors();
  private final BlockingQueue<String> races = new ArrayBlockingQueue<>(16);
  private final Zipf popular = new Zipf(KEYS);
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger raced = new AtomicInteger();
  private volatile boolean stopped;
  private volatile boolean expired;

  /**
   * Prepares the work.
   *
   * @param say passes a line on to the runner; safe for use by several threads
   */
  Workload(WorkerOrder order, HistoryRecorder recorder, GroupCalls groups, Consumer<String> say) {
    this.order = order;
    this.recorder = recorder;
    this.groups = groups;
    this.say = say;
  }

  /** Writes this process's share of the keys: nothing is missing at first. */
  void fill() {
    for (var key = order.number(); key < KEYS + RACED_KEYS; key += order.processes()) {
      recorder.put(key(key));
    }
  }

  void start() {
    for (var reader = 0; reader < READERS; reader++) {
      var random = random(reader);
      run("reader-" + reader, perThread(READS_PER_SECOND, READERS * READS_AT_ONCE), () -> {
        for (var read = 0; read < READS_AT_ONCE && !stopped; read++) {
          read(random);
        }
      });
    }
    for (var writer = 0; writer < WRITERS; writer++) {
      var random = random(READERS + writer);
      run("writer-" + writer, perThread(WRITES_PER_SECOND, WRITERS), () -> write(random));
    }
    run("racer", RACES_PER_SECOND, this::race);
  }

  /** Loads what another process is about to write. */
  private void race() {
    var key = races.poll();
    if (key != null) {
      recorder.read(key);
    }
  }

  /** Expires everything, again and again until that is acknowledged. */
  void expireAll() {
    run("expirer", EXPIRY_ATTEMPTS_PER_SECOND, () -> {
      if (!expired) {
        expired = groups.expireAll().outcome() instanceof Outcome.Acknowledged;
      }
    });
  }

  /** Ends the threads, after the calls they are in. */
  void stop() throws InterruptedException {
    stopped = true;
    for (var thread : threads) {
      thread.join();
    }
  }

  /** Hears of another process's write. */
  void hear(String line) {
    if (line.startsWith(Relay.WROTE)) {
      var words = line.split(" ", -1);
      floors.hear(words[1], Long.parseLong(words[2]));
    } else if (line.startsWith(Relay.RACE)) {
      // More races than can be run are not run.
      var unused = races.offer(line.substring(Relay.RACE.length()));
    }
  }

  /** Every key there may be. */
  static List<String> keys() {
    return IntStream.range(0, KEYS + RACED_KEYS).mapToObj(Workload::key).toList();
  }

  private double perThread(double rate, int shares) {
    return rate / (order.processes() * shares);
  }

  private RandomGenerator random(int thread) {
    return new SplittableRandom(order.seed() * 1_000_003 + order.number() * 101L + thread);
  }

  private void run(String name, double perSecond, Runnable step) {
    var thread = new Thread(
        () -> {
          var pace = new Pace(perSecond);
          while (!stopped) {
            pace.await();
            step.run();
          }
        },
        name);
    threads.add(thread);
    thread.start();
  }

  private void read(RandomGenerator random) {
    var dice = random.nextInt(1_000);
    if (dice < 2) {
      recorder.read(popularKey(random), CONSISTENT);
    } else if (dice < 10) {
      recorder.readAll(popularKeys(random), ReadOptions.defaults());
    } else if (dice < 60) {
      floors.any(random).ifPresent(floor -> recorder.read(floor.key(), floor.options()));
    } else if (dice < 100) {
      recorder.read(key(KEYS + random.nextInt(RACED_KEYS)));
    } else {
      recorder.read(popularKey(random));
    }
  }

  private void write(RandomGenerator random) {
    // Most of them to keys that are seldom written: a stale copy of one stays to be seen.
    var key = random.nextInt(4) == 0 ? popularKey(random) : key(random.nextInt(KEYS));
    // Whole groups go seldom: what was never taken back must have the time to be seen.
    var dice = random.nextInt(10_000);
    if (dice < 6_000) {
      announce(recorder.put(key));
    } else if (dice < 6_600) {
      announce(recorder.remove(key));
    } else if (dice < 7_000) {
      recorder.expire(key);
    } else if (dice < 9_960) {
      overtake(nextRaced(), random);
    } else if (dice < 9_998) {
      groups.expireGroupOf(key);
    } else {
      var unused = groups.expireAll();
    }
  }

  /**
   * Expires a key, has the other processes load it, and overtakes them: with a write, whose version
   * tells the load's to be old, or by expiring the key once more, which leaves nothing to compare
   * with but the lease.
   */
  private void overtake(String key, RandomGenerator random) {
    recorder.expire(key);
    say.accept(Relay.RACE + key);
    LockSupport.parkNanos(random.nextLong(MOST_HEAD_START_NANOS));
    if (random.nextBoolean()) {
      recorder.put(key);
    } else {
      recorder.expire(key);
    }
  }

  /** Each process races for keys of its own, one after another. */
  private String nextRaced() {
    var turn = raced.getAndIncrement() * order.processes() + order.number();
    return key(KEYS + Math.floorMod(turn, RACED_KEYS));
  }

  /**
   * Tells everybody of a version that was acknowledged, for some of the keys: whoever asks for at
   * least that version mends what is stale, which should stay to be seen.
   */
  private void announce(Operation.Write write) {
    if (isHandedOver(write.key())
        && write.outcome() instanceof Outcome.Acknowledged done
        && done.version() > 0) {
      floors.hear(write.key(), done.version());
      say.accept(Relay.WROTE + write.key() + " " + done.version());
    }
  }

  private static boolean isHandedOver(String key) {
    return Integer.parseInt(key.substring(PREFIX.length())) % HANDED_OVER == 0;
  }

  private Set<String> popularKeys(RandomGenerator random) {
    var keys = new LinkedHashSet<String>();
    while (keys.size() < KEYS_OF_A_BATCH) {
      keys.add(popularKey(random));
    }
    return keys;
  }

  private String popularKey(RandomGenerator random) {
    return key(popular.draw(random));
  }

  private static String key(int number) {
    return PREFIX + number;
  }
}
