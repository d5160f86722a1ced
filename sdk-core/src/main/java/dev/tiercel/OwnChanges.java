package dev.tiercel;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Feed;
import dev.tiercel.backend.Mutation;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What this process has just changed in the remote tier itself. The feed will tell it so, and that
 * is no reason to forget what was written or loaded here; but the same telling may stand for
 * somebody else's change too. So the head is asked for, on the feed's own connection: if it is this
 * process's own, nothing was missed.
 *
 * <p>Bounded; thread-safe. Nothing of others runs under the lock.
 */
final class OwnChanges {

  /** What this process has stored, or that it has expired the key. */
  record Own(long version, long createdAtMillis, boolean isExpiry) {

    boolean isThere(Optional<Feed.Head> head) {
      return head.isPresent() && head.get().isOf(version, createdAtMillis);
    }
  }

  /** What the head must be like for nothing to have been missed. */
  private record Question(String key, Own own) {}

  private static final int CAPACITY = 10_000;
  private static final int MOST_AT_ONCE = 500;
  private static final Duration MEMORY = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Cache<String, Own> changes;
  private final CompletableFuture<Feed.Subscription> feed;
  private final Consumer<String> foreign;
  private final Time time;
  private final ReentrantLock lock = new ReentrantLock();
  private List<Question> waiting = new ArrayList<>();
  private boolean asking;

  /**
   * Knows of nothing.
   *
   * @param feed the feed, once there is one
   * @param foreign told of a key that somebody else has changed, or may have
   * @param time the clock
   * @param executor runs the memory's maintenance
   */
  OwnChanges(
      CompletableFuture<Feed.Subscription> feed,
      Consumer<String> foreign,
      Time time,
      Executor executor) {
    this.feed = feed;
    this.foreign = foreign;
    this.time = time;
    this.changes = Caffeine.newBuilder()
        .maximumSize(CAPACITY)
        .expireAfterWrite(MEMORY)
        .ticker(time::nanos)
        .executor(executor)
        .build();
  }

  /** This process is about to change a key in the remote tier. */
  void note(Mutation change) {
    if (change instanceof Mutation.Put put) {
      changes.put(put.key(), own(put.entry()));
    } else if (change instanceof Mutation.Fill fill) {
      changes.put(fill.key(), own(fill.entry()));
    }
  }

  private static Own own(EncodedEntry entry) {
    return new Own(entry.version(), entry.createdAtMillis(), false);
  }

  /** This process is about to expire a key in the remote tier. */
  void noteExpiry(String key) {
    changes.put(key, new Own(0, 0, true));
  }

  /** What this process has changed of a key that the feed tells of, told once; null if nothing. */
  @Nullable
  Own take(String key) {
    return changes.asMap().remove(key);
  }

  /** Finds out whether the change that the feed has told of was this process's alone. */
  void verify(String key, Own own) {
    if (enqueued(new Question(key, own))) {
      ask();
    } else {
      foreign.accept(key);
    }
  }

  private boolean enqueued(Question question) {
    lock.lock();
    try {
      return waiting.size() < CAPACITY && waiting.add(question);
    } finally {
      lock.unlock();
    }
  }

  private void ask() {
    for (var batch = next(); !batch.isEmpty(); batch = next()) {
      ask(batch);
    }
  }

  private List<Question> next() {
    lock.lock();
    try {
      if (asking) {
        return List.of();
      }
      var most = Math.min(waiting.size(), MOST_AT_ONCE);
      var batch = List.copyOf(waiting.subList(0, most));
      waiting = new ArrayList<>(waiting.subList(most, waiting.size()));
      asking = !batch.isEmpty();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void ask(List<Question> batch) {
    var keys = batch.stream().map(Question::key).distinct().toList();
    var positions = new HashMap<String, Integer>();
    keys.forEach(key -> positions.put(key, positions.size()));
    Completions.onEnd(
        feed.thenCompose(following -> following.heads(keys, Deadline.after(PATIENCE, time))),
        (heads, failure) -> {
          for (var question : batch) {
            if (heads == null
                || !question.own.isThere(heads.get(positions.getOrDefault(question.key, 0)))) {
              foreign.accept(question.key);
            }
          }
          answered();
        });
  }

  private void answered() {
    lock.lock();
    try {
      asking = false;
    } finally {
      lock.unlock();
    }
    ask();
  }
}
