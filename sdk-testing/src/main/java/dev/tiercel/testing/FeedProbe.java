package dev.tiercel.testing;

import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.Feed;
import dev.tiercel.error.ServingException;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Follows a keyspace on a feed, from a test, and waits for what it tells.
 *
 * <p>Feeds may tell of a change more than once, so what is waited for is looked for among what is
 * heard: everything heard before it is passed over. What does not come within ten seconds is an
 * {@link AssertionError}. Thread-safe; one thread waits at a time.
 */
public final class FeedProbe implements AutoCloseable {

  /** Far longer than any word takes: it ends a test that would hang. */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** What a feed tells. */
  public enum Kind {
    /** See {@link Feed.Follower#connected}. */
    CONNECTED,
    /** See {@link Feed.Follower#interrupted}. */
    INTERRUPTED,
    /** See {@link Feed.Follower#changed}. */
    CHANGED,
    /** See {@link Feed.Follower#groupsChanged}. */
    GROUPS_CHANGED
  }

  /**
   * One thing that a feed has told.
   *
   * @param kind what
   * @param key the key that has been changed, empty for everything else
   */
  public record Told(Kind kind, String key) {

    /** A key has been changed. */
    public static Told changed(String key) {
      return new Told(Kind.CHANGED, key);
    }

    /** Anything but the change of a key. */
    public static Told of(Kind kind) {
      return new Told(kind, "");
    }
  }

  private final Time time;
  private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();
  private final Feed.Subscription subscription;

  private FeedProbe(Feed feed, String keyspace, Time time) {
    this.time = time;
    this.subscription = feed.follow(keyspace, new Listener(told));
  }

  /**
   * Begins to follow.
   *
   * @param feed the feed
   * @param keyspace the keyspace's name
   * @param time the clock that deadlines are measured with
   */
  public static FeedProbe follow(Feed feed, String keyspace, Time time) {
    return new FeedProbe(feed, keyspace, time);
  }

  /** Waits until the feed tells that it is connected. */
  public void awaitConnected() {
    var unused = until(Told.of(Kind.CONNECTED));
  }

  /** Waits until the feed tells that it was interrupted. */
  public void awaitInterrupted() {
    var unused = until(Told.of(Kind.INTERRUPTED));
  }

  /** Waits until the feed tells that a key was changed. */
  public void awaitChanged(String key) {
    var unused = until(Told.changed(key));
  }

  /** Waits until the feed tells that a group was invalidated. */
  public void awaitGroupsChanged() {
    var unused = until(Told.of(Kind.GROUPS_CHANGED));
  }

  /** Waits until the feed tells this, and returns what it told before, in order. */
  public List<Told> until(Told last) {
    var end = System.nanoTime() + LIMIT.toNanos();
    var before = new ArrayList<Told>();
    while (true) {
      var next = next(end - System.nanoTime());
      if (next == null) {
        throw new AssertionError(
            "told: " + before + " within " + LIMIT + " (expected: " + last + ")");
      }
      if (next.equals(last)) {
        return before;
      }
      before.add(next);
    }
  }

  /** What the feed has told and nobody has waited for yet, in order. */
  public List<Told> told() {
    var heard = new ArrayList<Told>();
    told.drainTo(heard);
    return heard;
  }

  /** Reads heads, which must succeed. */
  public List<Optional<Feed.Head>> heads(String... keys) {
    return succeeded(sendHeads(keys));
  }

  /** Reads the head of a key that the cache must hold. */
  public Feed.Head head(String key) {
    return heads(key).get(0).orElseThrow(() -> new AssertionError("head: none (expected: one)"));
  }

  /** Asks for heads. */
  public CompletableFuture<List<Optional<Feed.Head>>> sendHeads(String... keys) {
    return subscription.heads(List.of(keys), deadline());
  }

  /** Reads the barriers raised since one that is known, which must succeed. */
  public Barriers barriers(long seen) {
    return succeeded(subscription.barriers(seen, deadline()));
  }

  /** Waits for the failure of what was asked. */
  public static ServingException failure(CompletableFuture<?> asked) {
    return BackendProbe.whole(
        asked,
        result -> {
          throw new AssertionError("answer: " + result + " (expected: a failure)");
        },
        Function.identity());
  }

  /** Stops following. */
  @Override
  public void close() {
    subscription.close();
  }

  private Deadline deadline() {
    return Deadline.after(LIMIT, time);
  }

  private static <T> T succeeded(CompletableFuture<T> asked) {
    return BackendProbe.whole(asked, Function.identity(), failure -> {
      throw new AssertionError("feed: failed (expected: an answer)", failure);
    });
  }

  private @Nullable Told next(long nanos) {
    try {
      return told.poll(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("told: interrupted while waiting for it", interrupted);
    }
  }

  private record Listener(BlockingQueue<Told> told) implements Feed.Follower {

    @Override
    public void connected() {
      told.add(Told.of(Kind.CONNECTED));
    }

    @Override
    public void interrupted() {
      told.add(Told.of(Kind.INTERRUPTED));
    }

    @Override
    public void changed(String key) {
      told.add(Told.changed(key));
    }

    @Override
    public void groupsChanged() {
      told.add(Told.of(Kind.GROUPS_CHANGED));
    }
  }
}
