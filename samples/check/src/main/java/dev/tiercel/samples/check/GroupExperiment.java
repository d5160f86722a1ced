package dev.tiercel.samples.check;

import dev.tiercel.BatchResult;
import dev.tiercel.Entry;
import dev.tiercel.Keyspace;
import dev.tiercel.KeyspaceSpec;
import dev.tiercel.ServingClient;
import dev.tiercel.backend.Tier;
import dev.tiercel.builtin.Backends;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.redis.RedisBackend;
import dev.tiercel.redis.RedisOptions;
import dev.tiercel.testing.engine.RedisEngine;
import dev.tiercel.testing.engine.Waiting;
import dev.tiercel.tier.LocalPolicy;
import dev.tiercel.tier.RemotePolicy;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/**
 * Expires a group of many entries and one of ten by turns, and measures each call; then expires the
 * large one once more, while two processes hold all of it, and looks at everything they serve. Both
 * are clients in this JVM. The source's value is the number of its generation, so that an answer
 * says by itself whether it was loaded before.
 */
final class GroupExperiment {

  private static final String LARGE = "large";
  private static final String SMALL = "small";
  private static final int FEW = 10;
  private static final int AT_ONCE = 1000;
  private static final int WARM_UP = 50;
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final Duration FOR_LONG = Duration.ofMinutes(30);

  /** By when another process has heard of it. */
  private static final Duration CONVERGENCE = Duration.ofSeconds(3);

  private final int entries;
  private final int rounds;
  private final AtomicLong generation = new AtomicLong();

  GroupExperiment(int entries, int rounds) {
    this.entries = entries;
    this.rounds = rounds;
  }

  GroupOutcome run() {
    try (var redis = RedisEngine.launch();
        var one = ServingClient.create();
        var two = ServingClient.create()) {
      var here = one.keyspace(spec(redis.uri()));
      var there = two.keyspace(spec(redis.uri()));
      fill(here, there);
      var large = new long[rounds];
      var small = new long[rounds];
      for (var round = -WARM_UP; round < rounds; round++) {
        var ofLarge = expire(here, LARGE);
        var ofSmall = expire(here, SMALL);
        if (round >= 0) {
          large[round] = ofLarge;
          small[round] = ofSmall;
        }
      }
      fill(here, there);
      return check(here, there, median(large), median(small));
    }
  }

  private KeyspaceSpec<Long, String> spec(URI redis) {
    return KeyspaceSpec.builder("groups", KeyFormat.longs(), Codecs.utf8())
        .local(LocalPolicy.defaults().maxBytes(512L << 20).ttl(FOR_LONG))
        .remote(
            RedisBackend.connect(RedisOptions.of(redis)),
            RemotePolicy.defaults().ttl(FOR_LONG).timeout(Duration.ofSeconds(10)))
        .source(Backends.loadingAsync(KeyFormat.longs(), Codecs.utf8(), this::load))
        .groups((key, value) -> Set.of(key < entries ? LARGE : SMALL))
        .deadline(DEADLINE)
        .maxStaleness(FOR_LONG)
        .build();
  }

  private CompletableFuture<Map<Long, String>> load(List<Long> keys) {
    var now = Long.toString(generation.get());
    var values = new HashMap<Long, String>();
    keys.forEach(key -> values.put(key, now));
    return CompletableFuture.completedFuture(values);
  }

  /** The first loads everything, the second has it from the first. */
  private void fill(Keyspace<Long, String> here, Keyspace<Long, String> there) {
    for (var keyspace : List.of(here, there)) {
      var missing = count(keyspace, 0, entries + FEW, entry -> false);
      if (missing > 0) {
        throw new IllegalStateException("entries: " + missing + " unreadable (expected: none)");
      }
    }
  }

  private static long expire(Keyspace<Long, String> keyspace, String group) {
    var begun = System.nanoTime();
    keyspace.expireGroup(group);
    return System.nanoTime() - begun;
  }

  private static Duration median(long[] nanos) {
    Arrays.sort(nanos);
    return Duration.ofNanos(nanos[nanos.length / 2]);
  }

  private GroupOutcome check(
      Keyspace<Long, String> here, Keyspace<Long, String> there, Duration large, Duration small) {
    var now = Long.toString(generation.incrementAndGet());
    var begun = System.nanoTime();
    here.expireGroup(LARGE);
    Predicate<Entry<String>> isOld = entry -> !entry.value().equals(now)
        || entry.age().toNanos()
            > System.nanoTime() - begun + Duration.ofMillis(5).toNanos();
    var before = count(here, 0, entries, isOld);
    // The other process is told: from its first answer that shows it on it knows.
    if (!Waiting.until(() -> now.equals(there.get(0L)), CONVERGENCE)) {
      before++;
    }
    before += count(there, 0, entries, isOld);
    Predicate<Entry<String>> isLoaded = entry -> entry.tier() == Tier.SOURCE;
    var others = count(here, entries, entries + FEW, isLoaded)
        + count(there, entries, entries + FEW, isLoaded);
    return new GroupOutcome(entries, large, small, 2 * entries, before, others);
  }

  /** How many entries of keys there are to which something applies, or which cannot be read. */
  private static int count(
      Keyspace<Long, String> keyspace, long from, long to, Predicate<Entry<String>> what) {
    var count = 0;
    for (var first = from; first < to; first += AT_ONCE) {
      var keys = LongStream.range(first, Math.min(to, first + AT_ONCE)).boxed().toList();
      BatchResult<Long, String> result = keyspace.getAll(keys);
      count += keys.size() - result.found().size();
      count += (int) result.found().values().stream().filter(what).count();
    }
    return count;
  }
}
