package dev.tiercel;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.codec.ValueFormat;
import dev.tiercel.error.CodecFailure;
import dev.tiercel.error.Conflict;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Where;
import dev.tiercel.tier.InFlightTable;
import dev.tiercel.tier.LocalEntry;
import dev.tiercel.tier.LocalTier;
import dev.tiercel.tier.Tiers;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Durations;
import dev.tiercel.time.HybridClock;
import dev.tiercel.time.Time;
import dev.tiercel.time.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The write path of a keyspace: propose a version, let the tiers below decide, and then change what
 * this process knows.
 *
 * <p>A write that meets a version at or above its own, and is not bound to an exact one, proposes a
 * larger version and tries again, so that a slow clock loses no write.
 */
final class Writer<K, V> {

  private final String keyspace;
  private final Keys<K> keys;
  private final Tiers below;
  private final LocalTier<K, V> local;
  private final InFlightTable<K, LocalEntry<V>> loads;
  private final LocalEntries<V> entries;
  private final ValueFormat<V> format;
  private final HybridClock clock;
  private final Time time;
  private final Duration tombstoneTtl;

  Writer(
      KeyspaceSpec<K, V> spec,
      Keys<K> keys,
      Tiers below,
      LocalTier<K, V> local,
      InFlightTable<K, LocalEntry<V>> loads,
      LocalEntries<V> entries,
      ValueFormat<V> format,
      HybridClock clock,
      Time time) {
    this.keyspace = spec.name;
    this.keys = keys;
    this.below = below;
    this.local = local;
    this.loads = loads;
    this.entries = entries;
    this.format = format;
    this.clock = clock;
    this.time = time;
    this.tombstoneTtl = spec.sourcePolicy.tombstoneTtl();
  }

  /** Checks and encodes a value; throws what is wrong with it before any I/O. */
  Write<K> put(K key, @Nullable V value, WriteOptions options) {
    var text = keys.text(key);
    var condition = condition(options);
    var now = time.millis();
    var ttl = options.ttl();
    if (ttl != null) {
      // A time to live that is not kept would make a value that never ends.
      requireFeature(Feature.EXPIRY);
    }
    var expiry = ttl == null ? 0 : now + Durations.millis(ttl);
    var entry = encode(keys.require("value", value), now, expiry);
    return new Write<>(key, text, entry, condition);
  }

  /** Checks a removal; throws what is wrong with it before any I/O. */
  Write<K> remove(K key, WriteOptions options) {
    var now = time.millis();
    var mark = EncodedEntry.tombstone(Version.NONE, now, now + Durations.millis(tombstoneTtl));
    return new Write<>(key, keys.text(key), mark, condition(options));
  }

  /** Sends writes of distinct keys; each ends by itself. */
  void send(List<Write<K>> writes, Deadline deadline) {
    for (var write : writes) {
      write.propose(firstProposal(write));
    }
    attempt(writes, deadline, 1);
  }

  private void attempt(List<Write<K>> writes, Deadline deadline, int attempt) {
    if (writes.isEmpty()) {
      return;
    }
    writes.forEach(write ->
        write.note(local.fence(write.key), below.region(), below.groups().seen()));
    var mutations = writes.stream()
        .<Mutation>map(write -> new Mutation.Put(write.text, write.entry(), write.condition))
        .toList();
    Completions.onEnd(
        below.write(new WriteRequest(keyspace, mutations), new CallContext(deadline, attempt)),
        (result, failure) -> {
          var outcomes = outcomes(writes.size(), result, failure);
          var refused = new ArrayList<Write<K>>();
          for (var index = 0; index < writes.size(); index++) {
            try {
              settle(writes.get(index), outcomes.get(index), deadline, refused);
            } catch (RuntimeException | Error unexpected) {
              // Whatever it is, it must not leave the other writes of the batch without an end.
              forget(writes.get(index).key);
              writes.get(index).done.completeExceptionally(Calls.unwrapped(unexpected));
            }
          }
          attempt(refused, deadline, attempt + 1);
        });
  }

  /** A write that failed as a whole may have been applied: nobody below said that it was not. */
  private List<WriteOutcome> outcomes(
      int count, @Nullable WriteResult result, @Nullable Throwable failure) {
    if (result != null) {
      return result.outcomes();
    }
    var what = "write: failed without an outcome (expected: one per key)";
    var here = Where.at(below.name(), below.region());
    return WriteResult.failed(count, new OutcomeUnknown(what, here, failure)).outcomes();
  }

  private void settle(
      Write<K> write, WriteOutcome outcome, Deadline deadline, List<Write<K>> refused) {
    if (outcome instanceof WriteOutcome.Stored stored) {
      applied(write, stored.version());
      write.done.complete(stored.version());
    } else if (outcome instanceof WriteOutcome.Failed failed) {
      if (failed.cause() instanceof OutcomeUnknown) {
        forget(write.key);
      }
      write.done.completeExceptionally(failed.cause());
    } else if (outcome instanceof WriteOutcome.Rejected rejected) {
      var stored = rejected.storedVersion();
      var unbeatable = stored == Version.MAX || !below.capabilities().has(Feature.VERSIONS);
      if (write.condition instanceof Condition.IfVersion
          || stored < write.entry().version()
          || unbeatable) {
        write.done.completeExceptionally(conflict(write, stored, deadline));
      } else if (deadline.hasPassed()) {
        write.done.completeExceptionally(new DeadlineExceeded(
            "deadline: passed before a newer version was accepted", here(deadline), null));
      } else {
        write.propose(after(write.key, stored));
        refused.add(write);
      }
    }
  }

  /**
   * The source acknowledged the write. Loads that began before are detached and too late to be
   * stored; then the local tier holds what was written, or, if nothing orders its writers, forgets
   * the key.
   */
  private void applied(Write<K> write, long version) {
    loads.detach(write.key);
    if (version == Version.NONE || write.condition.equals(Condition.ALWAYS)) {
      local.forget(write.key);
      return;
    }
    try {
      // Decoded from the bytes, so that a caller who goes on changing the value changes nobody's
      // cache.
      var written = write.entry().withVersion(version);
      var entry = entries.of(write.text, written, Origin.source(write.region()));
      local.store(write.key, entry, write.fence());
    } catch (CodecFailure unreadable) {
      local.forget(write.key);
    }
  }

  /** Makes this process forget a key: loads under way are detached, and too late to be stored. */
  void forget(K key) {
    loads.detach(key);
    local.forget(key);
  }

  private EncodedEntry encode(V value, long now, long expiry) {
    try {
      return format.encode(value, Version.NONE, now, 0, expiry);
    } catch (ServingException refused) {
      throw refused.at(Where.NOWHERE.in(keyspace, Duration.ZERO));
    }
  }

  private long firstProposal(Write<K> write) {
    if (!below.capabilities().has(Feature.VERSIONS)) {
      return Version.NONE;
    }
    return write.condition instanceof Condition.IfVersion exact
        ? after(write.key, exact.version())
        : after(write.key, Version.NONE);
  }

  /**
   * A version after one, and after what this process has seen of the key: the source may not hold
   * that any more, and whoever has seen it would take what is written for older.
   */
  private long after(K key, long version) {
    var seen = local.seen(key);
    return clock.nextAfter(seen == Version.MAX ? version : Math.max(version, seen));
  }

  private Condition condition(WriteOptions options) {
    var asked = options.condition();
    requireFeature(Feature.WRITE);
    if (asked == null) {
      return below.capabilities().has(Feature.VERSIONS) ? Condition.IF_NEWER : Condition.ALWAYS;
    }
    if (asked instanceof Condition.IfVersion exact && exact.version() == Version.MAX) {
      throw keys.invalid("condition: the largest version (expected: 0 to 2^63 - 2)", null);
    }
    var needed = needed(asked);
    if (needed != null) {
      requireFeature(needed);
    }
    return asked;
  }

  private static @Nullable Feature needed(Condition condition) {
    if (condition instanceof Condition.IfAbsent) {
      return Feature.IF_ABSENT;
    }
    if (condition instanceof Condition.IfVersion) {
      return Feature.IF_VERSION;
    }
    return condition instanceof Condition.IfNewer ? Feature.IF_NEWER : null;
  }

  private void requireFeature(Feature feature) {
    if (!below.capabilities().has(feature)) {
      throw keys.invalid(
          "source: " + below.name() + " without " + feature + " (expected: with it)", null);
    }
  }

  private Conflict conflict(Write<K> write, long stored, Deadline deadline) {
    var expected = write.condition instanceof Condition.IfVersion exact
        ? "version " + exact.version()
        : write.condition instanceof Condition.IfAbsent ? "no value" : "an older version";
    return new Conflict(
        "stored version: " + stored + " (expected: " + expected + ")", here(deadline), stored);
  }

  private Where here(Deadline deadline) {
    return Where.at(below.name(), below.region()).in(keyspace, deadline.elapsed());
  }
}
