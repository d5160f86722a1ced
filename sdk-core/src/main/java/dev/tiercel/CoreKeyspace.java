package dev.tiercel;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.Freshness;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.Staleness;
import dev.tiercel.backend.Tier;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.coherence.Groups;
import dev.tiercel.coherence.Trust;
import dev.tiercel.error.Conflict;
import dev.tiercel.error.ServingException;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.tier.InFlightTable;
import dev.tiercel.tier.LocalEntry;
import dev.tiercel.tier.LocalTier;
import dev.tiercel.tier.Tiers;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.HybridClock;
import dev.tiercel.time.Time;
import dev.tiercel.time.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A keyspace's calls, asynchronous and complete on whatever thread completes them.
 * {@link BlockingKeyspace} and {@link ExecutorKeyspace} are views of it.
 */
final class CoreKeyspace<K, V> {

  private static final int MAX_GROUP_LENGTH = 256;

  final KeyspaceSpec<K, V> spec;
  private final Keys<K> keys;
  private final LocalTier<K, V> local;
  private final Calls calls;
  private final Below stacks;
  private final Tiers below;
  private final InFlightTable<K, LocalEntry<V>> loads;
  private final Following<K, V> following;
  private final Refresher<K> refresher;
  private final Reader<K, V> reader;
  private final Writer<K, V> writer;
  private final Probe<K, V> probe;
  private final Time time;
  private final Executor executor;
  private final RandomGenerator random;

  CoreKeyspace(
      KeyspaceSpec<K, V> spec,
      Below stacks,
      Calls calls,
      HybridClock clock,
      ServingListener listener,
      Executor executor,
      RandomGenerator random,
      Time time) {
    this.spec = spec;
    this.stacks = stacks;
    this.below = stacks.tiers();
    this.calls = calls;
    this.time = time;
    this.executor = executor;
    this.random = random;
    this.keys = new Keys<>(spec.name, spec.keys, Pipeline.maxKeyBytes(spec));
    var first = stacks.stacks().get(0);
    var trust = new Trust(first.feed().isPresent());
    this.local = new LocalTier<>(spec.local, trust, this::barrier, time, executor);
    this.loads = new InFlightTable<>();
    var format = Pipeline.valueFormat(spec);
    var entries = new LocalEntries<>(format, spec, below::loadTime, random, time);
    this.reader = new Reader<>(spec, keys, below, local, loads, entries, listener, time);
    this.writer = new Writer<>(spec, keys, below, local, loads, entries, format, clock, time);
    this.probe = new Probe<>(spec, keys, below, local, loads, entries, listener, random, time);
    this.following = new Following<>(
        first,
        local,
        stack -> new Coherence<>(spec, keys, stack.tiers(), local, loads, executor, random, time));
    this.refresher = new Refresher<>(spec.refresh, reader::refresh, executor, time);
    for (var stack : stacks.stacks()) {
      stack.tiers().groups().onChange(() -> {
        trust.groupsChanged();
        loads.detachAll();
      });
    }
    local.onWanted(this::refresh);
  }

  /** Begins to follow what others do to the keyspace. */
  void open() {
    following.open(stacks.stacks().get(0));
    var router = stacks.router();
    if (router != null) {
      router.onSwitch(region -> following.changeOver(stacks.stack(region.name())));
    }
  }

  /** The last barrier of an entry's groups. */
  private long barrier(K key, LocalEntry<V> entry) {
    var value = entry.value();
    var groups = below.groups();
    var latest = groups.latest();
    if (isForeign(entry)) {
      var isOfNoneExpired = value != null && ofGroups(key, value, groups) == 0;
      return latest == 0 || isOfNoneExpired ? 0 : Long.MAX_VALUE;
    }
    if (value == null || entry.barrier() >= latest) {
      // An absence belongs to whatever group the value would; what is younger than every barrier
      // need not be asked for its groups.
      return latest;
    }
    return ofGroups(key, value, groups);
  }

  private long ofGroups(K key, V value, Groups groups) {
    try {
      return groups.barrier(spec.groups.apply(key, value));
    } catch (RuntimeException | Error thrown) {
      // Whatever groups it belongs to, one of them may have been expired.
      return groups.latest();
    }
  }

  /**
   * Whether an entry came from a region that is not read from first any more: its barrier was told
   * in the time of that region's cache, so any barrier that is known of its groups kills it.
   */
  private boolean isForeign(LocalEntry<V> entry) {
    return stacks.router() != null && !entry.origin().region().equals(below.region());
  }

  /**
   * A suspect entry is asked anew of whoever has it, one that is due of whoever has a newer one.
   */
  private void refresh(K key, boolean suspect) {
    if (!suspect) {
      refresher.offer(key, new Freshness(0, spec.ttls.soft().dividedBy(2)));
    } else if (local.isConnected()) {
      refresher.offer(key, new Freshness(0, spec.maxStaleness));
    }
  }

  /** What the local tier holds of a key, else null. */
  @Nullable
  LocalEntry<V> hit(K key) {
    return answered(key, local.get(keys.require("key", key)));
  }

  /** What the local tier holds of a key, if that is fresh enough for a call, else null. */
  @Nullable
  LocalEntry<V> hit(K key, ReadOptions options) {
    return answered(key, reader.hit(keys.require("key", key), reader.freshness(options)));
  }

  /** A hit on its way to its caller. */
  private @Nullable LocalEntry<V> answered(K key, @Nullable LocalEntry<V> hit) {
    if (hit != null && probe.picks()) {
      probe.offer(key, hit, time.millis());
    }
    return hit;
  }

  CompletableFuture<LocalEntry<V>> read(K key, ReadOptions options) {
    keys.text(key);
    var freshness = reader.freshness(options);
    var hit = answered(key, reader.hit(key, freshness));
    if (hit != null) {
      return CompletableFuture.completedFuture(hit);
    }
    var deadline = calls.deadline(options.deadline(), spec.deadline);
    return calls.run(
        spec.name,
        deadline,
        Calls.READS,
        () -> probed(time.millis(), List.of(key), reader.read(List.of(key), freshness, deadline))
            .get(0));
  }

  /**
   * Answers on their way; those of them that are picked are compared once they are there.
   *
   * @param millis when their call began
   */
  private List<CompletableFuture<LocalEntry<V>>> probed(
      long millis, List<K> wanted, List<CompletableFuture<LocalEntry<V>>> answers) {
    for (var index = 0; index < wanted.size(); index++) {
      if (probe.picks()) {
        var key = wanted.get(index);
        Completions.onEnd(answers.get(index), (answer, failure) -> {
          if (answer != null) {
            probe.offer(key, answer, millis);
          }
        });
      }
    }
    return answers;
  }

  CompletableFuture<BatchResult<K, V>> readAll(
      Collection<? extends K> wanted, ReadOptions options) {
    var failed = new HashMap<K, ServingException>();
    var distinct = distinct(wanted);
    var readable = valid(distinct, failed, keys::text);
    var freshness = reader.freshness(options);
    var deadline = calls.deadline(options.deadline(), spec.deadline);
    List<CompletableFuture<LocalEntry<V>>> parts;
    try {
      parts = calls.runAll(
          spec.name,
          deadline,
          Calls.READS,
          () -> probed(time.millis(), readable, reader.read(readable, freshness, deadline)));
    } catch (ServingException refused) {
      return CompletableFuture.failedFuture(refused);
    }
    return collect(parts, () -> readResult(distinct, readable, parts, failed));
  }

  private BatchResult<K, V> readResult(
      Set<K> distinct,
      List<K> readable,
      List<CompletableFuture<LocalEntry<V>>> parts,
      Map<K, ServingException> failed) {
    var known = new HashMap<K, LocalEntry<V>>();
    split(readable, parts, known, failed);
    var found = new LinkedHashMap<K, Entry<V>>();
    var absent = new LinkedHashSet<K>();
    for (var key : distinct) {
      var part = known.get(key);
      var entry = part == null ? null : entry(part);
      if (entry != null) {
        found.put(key, entry);
      } else if (part != null) {
        absent.add(key);
      }
    }
    return new BatchResult<>(found, absent, inOrder(distinct, failed));
  }

  @Nullable
  Entry<V> entry(LocalEntry<V> known) {
    var value = known.value();
    if (value == null) {
      return null;
    }
    return new Entry<>(
        value,
        known.version(),
        known.origin().tier(),
        known.origin().region(),
        known.ageAt(time.nanos()),
        known.staleness());
  }

  CompletableFuture<Long> put(K key, V value, WriteOptions options) {
    return write(writer.put(key, value, options), options);
  }

  CompletableFuture<Long> replace(K key, V value, long expectedVersion, WriteOptions options) {
    if (expectedVersion < 0 || expectedVersion == Version.MAX) {
      throw keys.invalid(
          "expectedVersion: " + expectedVersion + " (expected: 0 to 2^63 - 2)", null);
    }
    return put(key, value, options.ifVersion(expectedVersion));
  }

  CompletableFuture<Long> remove(K key, WriteOptions options) {
    return write(writer.remove(key, options), options);
  }

  private CompletableFuture<Long> write(Write<K> write, WriteOptions options) {
    var deadline = calls.deadline(options.deadline(), spec.deadline);
    return calls.run(spec.name, deadline, Calls.WRITES, () -> {
      writer.send(List.of(write), deadline);
      return write.done;
    });
  }

  CompletableFuture<BatchWriteResult<K>> putAll(
      Map<? extends K, ? extends V> values, WriteOptions options) {
    keys.require("values", values);
    return writeAll(
        distinct(values.keySet()), key -> writer.put(key, values.get(key), options), options);
  }

  CompletableFuture<BatchWriteResult<K>> removeAll(
      Collection<? extends K> removed, WriteOptions options) {
    return writeAll(distinct(removed), key -> writer.remove(key, options), options);
  }

  private CompletableFuture<BatchWriteResult<K>> writeAll(
      Set<K> distinct, Function<K, Write<K>> prepare, WriteOptions options) {
    var failed = new HashMap<K, ServingException>();
    var writes = new ArrayList<Write<K>>();
    var writable = valid(distinct, failed, key -> writes.add(prepare.apply(key)));
    var deadline = calls.deadline(options.deadline(), spec.deadline);
    List<CompletableFuture<Long>> parts;
    try {
      parts = calls.runAll(spec.name, deadline, Calls.WRITES, () -> {
        writer.send(writes, deadline);
        return writes.stream().map(write -> write.done).toList();
      });
    } catch (ServingException refused) {
      return CompletableFuture.failedFuture(refused);
    }
    return collect(parts, () -> {
      var versions = new HashMap<K, Long>();
      split(writable, parts, versions, failed);
      return new BatchWriteResult<>(inOrder(distinct, versions), inOrder(distinct, failed));
    });
  }

  CompletableFuture<Entry<V>> update(K key, Function<@Nullable V, V> change, WriteOptions options) {
    keys.text(key);
    keys.require("change", change);
    var deadline = calls.deadline(options.deadline(), spec.deadline);
    var update = new Update();
    return calls.run(
        spec.name,
        deadline,
        update::endsWritten,
        () -> tryUpdate(key, change, options, deadline, update));
  }

  /**
   * Reads the source, changes, writes under the version read; begins anew when somebody was faster.
   */
  private CompletableFuture<Entry<V>> tryUpdate(
      K key,
      Function<@Nullable V, V> change,
      WriteOptions options,
      Deadline deadline,
      Update update) {
    return reader
        .read(List.of(key), Freshness.CONSISTENT, deadline)
        .get(0)
        .thenComposeAsync(known -> replace(key, known, change, options, deadline, update), executor)
        .exceptionallyCompose(
            failure -> Calls.unwrapped(failure) instanceof Conflict && !deadline.hasPassed()
                ? pause(update).thenCompose(go -> tryUpdate(key, change, options, deadline, update))
                : CompletableFuture.failedFuture(failure));
  }

  /**
   * Lets whoever was faster finish: not at all the first time, then for a random time that grows.
   */
  private CompletableFuture<@Nullable Void> pause(Update update) {
    var paused = new CompletableFuture<@Nullable Void>();
    var ceiling = update.nextPauseNanos();
    if (ceiling == 0) {
      paused.complete(null);
    } else {
      time.schedule(Duration.ofNanos(random.nextLong(ceiling)), () -> paused.complete(null));
    }
    return paused;
  }

  private CompletableFuture<Entry<V>> replace(
      K key,
      LocalEntry<V> known,
      Function<@Nullable V, V> change,
      WriteOptions options,
      Deadline deadline,
      Update update) {
    var value = changed(change, known.value());
    var condition = known.value() == null ? options.ifAbsent() : options.ifVersion(known.version());
    var write = writer.put(key, value, condition);
    if (!update.beginsToWrite()) {
      // The caller has been told that nothing was written, and nothing is.
      throw keys.invalid("update: has ended (expected: to go on)", null);
    }
    writer.send(List.of(write), deadline);
    return write
        .done
        .whenComplete((version, failure) -> update.hasWritten(failure))
        .thenApply(version -> new Entry<>(
            value, version, Tier.SOURCE, below.region(), Duration.ZERO, Staleness.FRESH));
  }

  private V changed(Function<@Nullable V, V> change, @Nullable V present) {
    try {
      return keys.require("changed value", change.apply(present));
    } catch (ServingException refused) {
      throw refused;
    } catch (RuntimeException thrown) {
      throw keys.invalid(
          "change: threw " + thrown.getClass().getSimpleName() + " (expected: a value)", thrown);
    }
  }

  CompletableFuture<@Nullable Void> expire(K key) {
    var text = keys.text(key);
    var deadline = calls.deadline(null, spec.deadline);
    return calls.run(spec.name, deadline, Calls.READS, () -> {
      following.expiring(text);
      // Expired here too when nobody waits any more.
      return done(tell(new Mutation.Forget(text, Duration.ZERO), deadline)
          .whenComplete((outcome, failure) -> following.expired(key)));
    });
  }

  /**
   * Raises the barrier of a group. When it is not known whether that was done, this process at
   * least serves nothing of what it has.
   */
  CompletableFuture<@Nullable Void> expireGroup(String group) {
    var deadline = calls.deadline(null, spec.deadline);
    return calls.run(
        spec.name,
        deadline,
        Calls.WRITES,
        () -> done(tell(new Mutation.Barrier(group), deadline).whenComplete((outcome, failure) -> {
          if (!(outcome instanceof WriteOutcome.Stored)) {
            loads.detachAll();
            local.forgetAll();
          }
        })));
  }

  /** Tells the remote tier of one mutation. */
  private CompletableFuture<WriteOutcome> tell(Mutation mutation, Deadline deadline) {
    return below
        .write(new WriteRequest(spec.name, List.of(mutation)), CallContext.of(deadline))
        .thenApply(result -> result.outcomes().get(0));
  }

  private static CompletableFuture<@Nullable Void> done(CompletableFuture<WriteOutcome> told) {
    return told.thenApply(outcome -> {
      if (outcome instanceof WriteOutcome.Failed failed) {
        throw failed.cause();
      }
      return null;
    });
  }

  /** The name of a group, checked. */
  String group(String group) {
    keys.require("group", group);
    if (group.isEmpty() || group.length() > MAX_GROUP_LENGTH) {
      throw keys.invalid(
          "group: " + group.length() + " characters (expected: 1 to " + MAX_GROUP_LENGTH + ")",
          null);
    }
    return group;
  }

  /** Forgets everything this process knows; for the end of the client. */
  void close() {
    probe.close();
    refresher.close();
    stacks.stop();
    following.close();
    local.close();
  }

  /** Waits for fills and repairs on their way. */
  boolean drain(Duration timeout) throws InterruptedException {
    return stacks.drain(timeout, time);
  }

  private Set<K> distinct(Collection<? extends K> asked) {
    keys.require("keys", asked);
    var distinct = new LinkedHashSet<K>();
    for (var key : asked) {
      distinct.add(keys.require("key", key));
    }
    if (distinct.size() > spec.maxBatchKeys) {
      throw keys.invalid(
          "keys: " + distinct.size() + " (expected: at most " + spec.maxBatchKeys + ")", null);
    }
    return distinct;
  }

  /**
   * The keys that pass a check; the others go to {@code failed}, so that a bad key fails nobody
   * else.
   */
  private List<K> valid(Set<K> distinct, Map<K, ServingException> failed, Consumer<K> check) {
    var passed = new ArrayList<K>();
    for (var key : distinct) {
      try {
        check.accept(key);
        passed.add(key);
      } catch (ServingException refused) {
        failed.put(key, refused);
      }
    }
    return passed;
  }

  private static <K, T> void split(
      List<K> keys,
      List<CompletableFuture<T>> parts,
      Map<K, T> done,
      Map<K, ServingException> failed) {
    for (var index = 0; index < parts.size(); index++) {
      try {
        done.put(keys.get(index), parts.get(index).join());
      } catch (CompletionException | CancellationException failure) {
        failed.put(keys.get(index), Calls.unwrapped(failure));
      }
    }
  }

  private static <K, T> Map<K, T> inOrder(Set<K> order, Map<K, T> parts) {
    var ordered = new LinkedHashMap<K, T>();
    for (var key : order) {
      var part = parts.get(key);
      if (part != null) {
        ordered.put(key, part);
      }
    }
    return ordered;
  }

  /**
   * Puts the parts of a batch together once all have ended; to cancel the whole is to cancel each
   * part.
   */
  private static <T, R> CompletableFuture<R> collect(
      List<CompletableFuture<T>> parts, Supplier<R> result) {
    var ended = CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new));
    var whole = ended.handle((done, failure) -> result.get());
    Completions.passCancel(whole, parts);
    return whole;
  }
}
