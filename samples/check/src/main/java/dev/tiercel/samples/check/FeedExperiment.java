package dev.tiercel.samples.check;

import dev.tiercel.Keyspace;
import dev.tiercel.KeyspaceSpec;
import dev.tiercel.ServingClient;
import dev.tiercel.WriteOptions;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.redis.RedisBackend;
import dev.tiercel.redis.RedisOptions;
import dev.tiercel.testing.chaos.ChaosProxy;
import dev.tiercel.testing.chaos.Direction;
import dev.tiercel.testing.chaos.Fault;
import dev.tiercel.testing.engine.DynamoDbEngine;
import dev.tiercel.testing.engine.RedisEngine;
import dev.tiercel.testing.engine.Waiting;
import dev.tiercel.tier.LocalPolicy;
import dev.tiercel.tier.RemotePolicy;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/**
 * One process reads what it holds in memory, another writes a part of it; the first one's feed is
 * silent for a while, its connection half open, and then goes on. Both are clients in this JVM, so
 * that they share a clock. Everything in memory is too old before the feed is back, so that the
 * bound on staleness is what ends it.
 */
final class FeedExperiment {

  private static final Duration RECOVERY = Duration.ofSeconds(15);
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final Duration FOR_LONG = Duration.ofMinutes(30);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long WRITE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int READERS = 2;
  private static final int AT_ONCE = 100;

  /** One key in so many is written. */
  private static final int WRITTEN = 10;

  private final int entries;
  private final Duration outage;
  private final Duration maxStaleness;
  private final Acknowledged writes;
  private final FeedWatch watch;
  private final LongAdder loads = new LongAdder();
  private volatile boolean over;

  FeedExperiment(int entries, Duration outage) {
    this.entries = entries;
    this.outage = outage;
    maxStaleness = outage.multipliedBy(4).dividedBy(5);
    writes = new Acknowledged(entries);
    watch = new FeedWatch(writes, maxStaleness);
  }

  FeedOutcome run() throws InterruptedException {
    var pool = Executors.newFixedThreadPool(READERS + 1);
    try (var redis = RedisEngine.launch();
        var dynamo = DynamoDbEngine.launch();
        var proxy = ChaosProxy.before(redis.uri().getHost(), redis.uri().getPort());
        var writing = ServingClient.create();
        var reading = ServingClient.builder().listener(counting()).build()) {
      var writer = writing.keyspace(spec(redis.uri(), dynamo.endpoint()));
      var through = URI.create("redis://" + proxy.host() + ":" + proxy.port());
      var reader = reading.keyspace(spec(through, dynamo.endpoint()));
      fill(writer);
      sweep(reader, 0, entries);
      var hands = begin(pool, writer, reader);
      try {
        return interrupt(proxy, reader);
      } finally {
        over = true;
        CompletableFuture.allOf(hands.toArray(CompletableFuture<?>[]::new)).join();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private ServingListener counting() {
    return new ServingListener() {
      @Override
      public void onSourceLoad(String keyspace, int keys) {
        loads.add(keys);
      }
    };
  }

  private KeyspaceSpec<Long, String> spec(URI redis, URI dynamo) {
    return KeyspaceSpec.builder("feed", KeyFormat.longs(), Codecs.utf8())
        .local(LocalPolicy.defaults().ttl(FOR_LONG))
        .remote(
            RedisBackend.connect(RedisOptions.of(redis)),
            RemotePolicy.defaults().ttl(FOR_LONG).timeout(Duration.ofSeconds(2)))
        .source(ThreeTiers.table(dynamo))
        .deadline(DEADLINE)
        .maxStaleness(maxStaleness)
        .build();
  }

  /** As fast as it goes: what is held in memory shall be of about the same age. */
  private void fill(Keyspace<Long, String> writer) {
    for (var from = 0L; from < entries; from += AT_ONCE) {
      var values = new HashMap<Long, String>();
      keys(from, entries).forEach(key -> values.put(key, "0"));
      var result = writer.putAll(values, WriteOptions.defaults().unconditional());
      if (!result.failed().isEmpty()) {
        throw new IllegalStateException("fill: " + result.failed() + " (expected: no failure)");
      }
      values.keySet().forEach(key -> writes.add(key.intValue(), System.nanoTime()));
    }
  }

  private List<CompletableFuture<Void>> begin(
      ExecutorService pool, Keyspace<Long, String> writer, Keyspace<Long, String> reader) {
    var hands = new ArrayList<CompletableFuture<Void>>();
    for (var number = 0; number < READERS; number++) {
      var from = (long) entries * number / READERS;
      var to = (long) entries * (number + 1) / READERS;
      hands.add(CompletableFuture.runAsync(() -> read(reader, from, to), pool));
    }
    hands.add(CompletableFuture.runAsync(() -> write(writer), pool));
    return hands;
  }

  private void read(Keyspace<Long, String> reader, long from, long to) {
    while (!over) {
      sweep(reader, from, to);
    }
  }

  private void write(Keyspace<Long, String> writer) {
    for (var turn = 0; !over; turn++) {
      var key = turn % Math.max(1, entries / WRITTEN);
      writer.put((long) key, Integer.toString(writes.count(key)));
      writes.add(key, System.nanoTime());
      LockSupport.parkNanos(WRITE_PAUSE_NANOS);
    }
  }

  /** Reads keys, batch by batch; returns how many answers were labelled or missing. */
  private int sweep(Keyspace<Long, String> reader, long from, long to) {
    var labelled = 0;
    for (var first = from; first < to; first += AT_ONCE) {
      var begun = System.nanoTime();
      labelled += watch.saw(reader.getAll(keys(first, to)), begun);
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return labelled;
  }

  private static List<Long> keys(long from, long end) {
    return LongStream.range(from, Math.min(end, from + AT_ONCE)).boxed().toList();
  }

  private FeedOutcome interrupt(ChaosProxy proxy, Keyspace<Long, String> reader)
      throws InterruptedException {
    var loadsBefore = loads.sum();
    watch.cut();
    var cut = System.nanoTime();
    // It sees an open connection from which nothing comes, and so do those that replace it.
    var silence = proxy.inject(
        connection -> connection.opening().contains("TRACKING"),
        new Fault.BlackHole(Direction.TO_CLIENT));
    TimeUnit.NANOSECONDS.sleep(outage.toNanos());
    watch.healing();
    silence.heal();
    var healed = System.nanoTime();
    var loadsThen = loads.sum();
    var recovered = Waiting.until(() -> sweep(reader, 0, entries) == 0, RECOVERY);
    return new FeedOutcome(
        entries,
        watch,
        maxStaleness,
        watch.noticed().map(nanos -> Duration.ofNanos(nanos - cut)),
        loadsThen - loadsBefore,
        recovered ? Optional.of(Duration.ofNanos(System.nanoTime() - healed)) : Optional.empty(),
        loads.sum() - loadsThen);
  }
}
