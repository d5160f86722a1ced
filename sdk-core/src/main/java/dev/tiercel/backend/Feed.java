package dev.tiercel.backend;

import dev.tiercel.time.Deadline;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What a shared cache tells by itself: which keys have been changed, by whomever.
 *
 * <p>A feed promises to tell of every change or to say that it may have missed some; never to miss
 * one in silence for longer than its heartbeat allows. Thread-safe.
 */
public interface Feed {

  /**
   * Begins to follow a keyspace. The follower hears {@link Follower#connected} once everything that
   * changes from then on will be told; until then nothing is.
   *
   * @param keyspace the keyspace's name
   * @param follower hears of the changes
   */
  Subscription follow(String keyspace, Follower follower);

  /**
   * Hears of changes, one call at a time and in order, on the feed's own thread: implementations
   * are short, never block and never throw.
   */
  interface Follower {

    /** Every change from now on will be told. Called again after each interruption has ended. */
    void connected();

    /**
     * Changes may be missed from some moment before this call, until the next {@link #connected}.
     */
    void interrupted();

    /**
     * A key's copy in the cache was changed or dropped.
     *
     * @param key the key
     */
    void changed(String key);

    /**
     * A loader has given back its lease on a key without having stored anything: nothing has
     * changed, and who waits for the key can go on. Taken for a change by whoever does not care.
     *
     * @param key the key
     */
    default void released(String key) {
      changed(key);
    }

    /** A group of the keyspace was invalidated; {@link Subscription#barriers} says which. */
    void groupsChanged();
  }

  /** One follower's hold on a feed. Thread-safe. */
  interface Subscription extends AutoCloseable {

    /**
     * What the cache holds of keys, without the values; one entry per key, in order, empty for a
     * key it does not hold or whose copy is over. What a head says is as of a moment between the
     * changes told before the future completes and those told after it.
     *
     * <p>Fails with a {@link dev.tiercel.error.ServingException}, also when the feed is
     * interrupted.
     *
     * @param keys distinct keys, 1 to 1,000
     * @param deadline when it must have ended
     */
    CompletableFuture<List<Optional<Head>>> heads(List<String> keys, Deadline deadline);

    /**
     * The barriers raised since one that is known.
     *
     * @param seen every barrier up to here is known
     * @param deadline when it must have ended
     */
    CompletableFuture<Barriers> barriers(long seen, Deadline deadline);

    /**
     * Stops following. The follower hears nothing more once this has returned, save a call under
     * way.
     */
    @Override
    void close();
  }

  /**
   * What identifies a copy.
   *
   * @param version its version, 0 if its source keeps none
   * @param createdAtMillis when the source of record is known to have held it, wall-clock
   */
  record Head(long version, long createdAtMillis) {

    /**
     * Whether it is the head of a copy of this version. One version is one value; without versions
     * it is the same copy if it was loaded at the same moment.
     */
    public boolean isOf(long otherVersion, long otherCreatedAtMillis) {
      return version == otherVersion && (version != 0 || createdAtMillis == otherCreatedAtMillis);
    }
  }
}
