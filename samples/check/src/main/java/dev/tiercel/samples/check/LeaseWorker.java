package dev.tiercel.samples.check;

import dev.tiercel.AsyncKeyspace;
import dev.tiercel.Entry;
import dev.tiercel.KeyspaceSpec;
import dev.tiercel.ServingClient;
import dev.tiercel.backend.Tier;
import dev.tiercel.builtin.Backends;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.redis.RedisBackend;
import dev.tiercel.redis.RedisOptions;
import dev.tiercel.tier.RemotePolicy;
import dev.tiercel.time.SystemTime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A process of readers. It says that it is ready, is told the instant, reads the key so often at
 * once, says how many were answered, and ends with its input.
 */
final class LeaseWorker {

  static final String READY = "ready";
  private static final String KEY = "missing";
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration STEP = Duration.ofMillis(20);
  private static final Duration LEASE = Duration.ofSeconds(2);

  private LeaseWorker() {}

  /**
   * Runs it.
   *
   * @param args the address of Redis, the file that counts loads, the number of readers
   */
  public static void main(String[] args) throws IOException {
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (var time = new SystemTime("loads");
        var client = ServingClient.create()) {
      var source = new CountedSource(Path.of(args[1]), KEY, time);
      var keyspace = client
          .keyspace(KeyspaceSpec.builder("leases", KeyFormat.string(), Codecs.utf8())
              .remote(
                  RedisBackend.connect(RedisOptions.of(URI.create(args[0]))),
                  RemotePolicy.defaults().timeout(Duration.ofSeconds(2)).lease(LEASE))
              .source(Backends.loadingAsync(KeyFormat.string(), Codecs.utf8(), source::load))
              .deadline(DEADLINE)
              .build())
          .async();
      // Classes, connections and scripts are there before anything is counted, the feed too.
      awaitFeed(keyspace);
      System.out.println(READY);
      var instant = input.readLine();
      if (instant != null) {
        awaitInstant(Long.parseLong(instant));
        System.out.println(read(keyspace, Integer.parseInt(args[2])));
        input.readLine();
      }
    }
  }

  /** A copy that is kept while the feed is not connected is suspect. */
  private static void awaitFeed(AsyncKeyspace<String, String> keyspace) {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!isKeptAsFresh(keyspace.getEntry("another").join())) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException("feed: not connected (expected: within " + PATIENCE + ")");
      }
      LockSupport.parkNanos(STEP.toNanos());
    }
  }

  private static boolean isKeptAsFresh(@Nullable Entry<String> entry) {
    return entry != null && entry.tier() == Tier.LOCAL && !entry.isStale();
  }

  private static void awaitInstant(long nanos) {
    for (var left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /** Reads at once, and says how many readers were answered and what failed the others. */
  private static String read(AsyncKeyspace<String, String> keyspace, int readers) {
    var reads = new ArrayList<CompletableFuture<@Nullable String>>();
    for (var reader = 0; reader < readers; reader++) {
      reads.add(keyspace.get(KEY));
    }
    var answered = 0;
    Map<String, Integer> others = new TreeMap<>();
    for (var read : reads) {
      try {
        if (CountedSource.VALUE.equals(read.join())) {
          answered++;
        } else {
          others.merge("nothing", 1, Integer::sum);
        }
      } catch (CompletionException failed) {
        others.merge(String.valueOf(failed.getCause()), 1, Integer::sum);
      }
    }
    return answered + " answered" + (others.isEmpty() ? "" : ", others " + others);
  }
}
