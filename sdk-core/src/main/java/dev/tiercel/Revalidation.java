package dev.tiercel;

import dev.tiercel.backend.Completions;
import dev.tiercel.backend.Feed;
import dev.tiercel.tier.LocalEntry;
import dev.tiercel.tier.LocalTier;
import dev.tiercel.tier.RefreshPolicy;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Goes through the suspect entries once the feed is back, and asks the remote tier for their heads:
 * an entry of which it holds the same is trusted again, one of which it holds something newer is
 * forgotten, the others stay suspect. Batch by batch, with pauses that keep to the rate, and
 * jitter, so that processes that lost the feed together do not ask together.
 *
 * <p>Ends when all have been asked or the feed is interrupted again. Used by one thread at a time.
 */
final class Revalidation<K, V> {

  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final int TRIES = 3;

  private final LocalTier<K, V> local;
  private final Keys<K> keys;
  private final Feed.Subscription feed;
  private final RefreshPolicy policy;
  private final RandomGenerator random;
  private final Time time;
  private final List<K> suspects;
  private final long trust;
  private int position;
  private int failures;

  Revalidation(
      LocalTier<K, V> local,
      Keys<K> keys,
      Feed.Subscription feed,
      RefreshPolicy policy,
      RandomGenerator random,
      Time time) {
    this.local = local;
    this.keys = keys;
    this.feed = feed;
    this.policy = policy;
    this.random = random;
    this.time = time;
    this.trust = local.trust();
    this.suspects = local.suspects();
  }

  /** Begins, after a random part of a pause. */
  void begin() {
    if (!suspects.isEmpty()) {
      later();
    }
  }

  private void later() {
    var pause = (long) (1e9 * policy.keysPerCall() / policy.revalidationsPerSecond());
    var jittered = Duration.ofNanos(pause / 2 + random.nextLong(pause + 1));
    // When the feed is interrupted the step finds that out; there is nothing to cancel.
    var unused = time.schedule(jittered, this::step);
  }

  private void step() {
    var batch = new ArrayList<K>();
    var entries = new ArrayList<LocalEntry<V>>();
    var next = position;
    while (next < suspects.size() && batch.size() < policy.keysPerCall()) {
      var key = suspects.get(next++);
      var entry = local.suspect(key);
      if (entry != null) {
        batch.add(key);
        entries.add(entry);
      }
    }
    if (!local.isUninterruptedSince(trust) || batch.isEmpty()) {
      return;
    }
    var end = next;
    Completions.onEnd(
        feed.heads(batch.stream().map(keys::text).toList(), Deadline.after(PATIENCE, time)),
        (heads, failure) -> {
          if (heads != null) {
            decide(batch, entries, heads);
            position = end;
            failures = 0;
            later();
          } else if (++failures < TRIES) {
            later();
          }
        });
  }

  private void decide(List<K> batch, List<LocalEntry<V>> entries, List<Optional<Feed.Head>> heads) {
    for (var index = 0; index < batch.size(); index++) {
      var key = batch.get(index);
      var entry = entries.get(index);
      var head = heads.get(index).orElse(null);
      if (head == null) {
        continue;
      }
      if (head.isOf(entry.version(), entry.times().createdAtMillis())) {
        local.revalidated(key, entry, trust);
      } else if (entry.version() == 0 || head.version() > entry.version()) {
        local.outdate(key, entry);
      }
    }
  }
}
