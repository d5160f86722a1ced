package dev.tiercel.samples.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tiercel.Keyspace;
import dev.tiercel.KeyspaceSpec;
import dev.tiercel.ServingClient;
import dev.tiercel.backend.Tier;
import dev.tiercel.builtin.Backends;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.tier.LocalPolicy;
import dev.tiercel.time.SystemTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.commons.rng.sampling.distribution.RejectionInversionZipfSampler;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A hit in the local tier through {@link Keyspace#get} beside a hit in Caffeine itself: the same
 * keys, values, accesses, fill level and executor. Every access is a hit.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 5)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
public class LocalHit {

  static final int ENTRIES = 100_000;
  private static final double EXPONENT = 0.99;
  private static final long SEED = 20_260_101;

  /** A power of two, so that a cursor wraps with a mask. */
  private static final int ACCESSES = 1 << 20;

  /**
   * What an entry weighs in the local tier: eight bytes of value, the key, and the tier's own
   * overhead.
   */
  private static final int WEIGHT = 260;

  /** What is accessed, in which order. */
  @State(Scope.Benchmark)
  public static class Accesses {

    final String[] order = new String[ACCESSES];

    /**
     * Draws the accesses. The keys are not the instances the caches hold, as a service's would not
     * be either, and which of them are popular has nothing to do with where they lie in memory.
     */
    @Setup
    public void draw() {
      var keys = keys();
      Collections.shuffle(Arrays.asList(keys), new Random(SEED));
      var zipf =
          RejectionInversionZipfSampler.of(new SplittableRandom(SEED)::nextLong, ENTRIES, EXPONENT);
      for (var index = 0; index < order.length; index++) {
        order[index] = keys[zipf.sample() - 1];
      }
    }
  }

  /** Where a thread is among the accesses; threads begin at places of their own. */
  @State(Scope.Thread)
  public static class Cursor {

    private int next = ThreadLocalRandom.current().nextInt(ACCESSES);

    String next(Accesses accesses) {
      return accesses.order[next++ & ACCESSES - 1];
    }

    /** The key of the next access, which is not made. */
    String peek(Accesses accesses) {
      return accesses.order[next & ACCESSES - 1];
    }
  }

  /**
   * What the caches have in common. Each is four fifths full, so that it keeps account of use but
   * evicts nothing.
   */
  public abstract static class Filled {

    final ForkJoinPool executor = new ForkJoinPool(2);

    /** Puts every key in, with its position as the value. */
    @Setup
    public void fill() {
      var keys = keys();
      for (var index = 0; index < keys.length; index++) {
        put(keys[index], index);
      }
      if (!executor.awaitQuiescence(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("maintenance: not done in 10 s (expected: done)");
      }
      for (var key : keys) {
        requireHit(key);
      }
      // Whatever filling left behind, the entries now lie beside each other.
      System.gc();
    }

    abstract void put(String key, long value);

    abstract boolean has(String key);

    private void requireHit(String key) {
      if (!has(key)) {
        throw new IllegalStateException("key: " + key + " is not cached (expected: a hit)");
      }
    }

    /**
     * Ends the threads. JMH does not call this: what ends a benchmark would be measured with its
     * last iteration, and its JVM ends anyway.
     */
    void close() {
      executor.shutdown();
    }
  }

  /** Caffeine, bounded by the number of entries. */
  @State(Scope.Benchmark)
  public static class BySize extends Filled {

    final Cache<String, Long> cache =
        Caffeine.newBuilder().maximumSize(ENTRIES * 5 / 4).executor(executor).build();

    @Override
    void put(String key, long value) {
      cache.put(key, value);
    }

    @Override
    boolean has(String key) {
      return cache.getIfPresent(key) != null;
    }
  }

  /** Caffeine, bounded by weight as the local tier is. */
  @State(Scope.Benchmark)
  public static class ByWeight extends Filled {

    final Cache<String, Long> cache = Caffeine.newBuilder()
        .maximumWeight(ENTRIES * 5L / 4 * WEIGHT)
        .weigher((String key, Long value) -> WEIGHT)
        .executor(executor)
        .build();

    @Override
    void put(String key, long value) {
      cache.put(key, value);
    }

    @Override
    boolean has(String key) {
      return cache.getIfPresent(key) != null;
    }
  }

  /** A keyspace whose local tier holds every key. */
  @State(Scope.Benchmark)
  public static class Tiercel extends Filled {

    private static final Duration LONGER_THAN_ANY_RUN = Duration.ofDays(1);

    private final SystemTime time = new SystemTime("benchmark-timer");
    private final ServingClient client =
        ServingClient.builder().time(time).executor(executor).build();

    final Keyspace<String, Long> keyspace =
        client.keyspace(KeyspaceSpec.builder("hits", KeyFormat.string(), Codecs.longs())
            .local(new LocalPolicy(ENTRIES * 5L / 4 * WEIGHT, LONGER_THAN_ANY_RUN))
            .maxStaleness(LONGER_THAN_ANY_RUN)
            .deadline(LONGER_THAN_ANY_RUN)
            .source(Backends.inMemoryStore(1L << 30, time))
            .build());

    @Override
    void put(String key, long value) {
      keyspace.put(key, value);
    }

    @Override
    boolean has(String key) {
      var entry = keyspace.getEntry(key);
      return entry != null && entry.tier() == Tier.LOCAL;
    }

    @Override
    void close() {
      client.close();
      time.close();
      super.close();
    }
  }

  /** Caffeine's own hit, bounded by size. */
  @Benchmark
  public @Nullable Long caffeineBySize(BySize caffeine, Accesses accesses, Cursor cursor) {
    return caffeine.cache.getIfPresent(cursor.next(accesses));
  }

  /** Caffeine's own hit, bounded by weight. */
  @Benchmark
  public @Nullable Long caffeineByWeight(ByWeight caffeine, Accesses accesses, Cursor cursor) {
    return caffeine.cache.getIfPresent(cursor.next(accesses));
  }

  /** A keyspace's hit in its local tier. */
  @Benchmark
  public @Nullable Long tiercel(Tiercel tiercel, Accesses accesses, Cursor cursor) {
    return tiercel.keyspace.get(cursor.next(accesses));
  }

  /** New instances of the keys on every call; a key's position is its number. */
  static String[] keys() {
    var keys = new String[ENTRIES];
    for (var index = 0; index < ENTRIES; index++) {
      keys[index] = "item:" + (ENTRIES + index);
    }
    return keys;
  }
}
