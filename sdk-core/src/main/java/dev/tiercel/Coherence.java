package dev.tiercel;

import dev.tiercel.backend.Completions;
import dev.tiercel.backend.Feed;
import dev.tiercel.tier.InFlightTable;
import dev.tiercel.tier.LocalEntry;
import dev.tiercel.tier.LocalTier;
import dev.tiercel.tier.RefreshPolicy;
import dev.tiercel.tier.TieredBackend;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * Keeps what this process holds of a keyspace in step with what others do to it, by what the remote
 * tier's feed tells.
 *
 * <p>The feed counts as connected here once the barriers raised in the meantime are known; from
 * then on what is stored is trusted, and what was there before is revalidated.
 */
final class Coherence<K, V> implements Feed.Follower {

  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration RETRY = Duration.ofMillis(200);

  private final String keyspace;
  private final Keys<K> keys;
  private final TieredBackend below;
  private final LocalTier<K, V> local;
  private final InFlightTable<K, LocalEntry<V>> loads;
  private final RefreshPolicy policy;
  private final RandomGenerator random;
  private final Time time;
  private final CompletableFuture<Feed.Subscription> subscription = new CompletableFuture<>();

  private final OwnChanges own;

  /** Whether what is over may be served if the source fails. */
  private final boolean keepsForErrors;

  /** Guards the order of connections and interruptions; nothing of others runs under it. */
  private final ReentrantLock lock = new ReentrantLock();

  private long connection;

  /** Whether the barriers are being asked for again. */
  private boolean asking;

  /** Whether another region's feed is followed by now, or none. */
  private boolean closed;

  Coherence(
      KeyspaceSpec<K, V> spec,
      Keys<K> keys,
      TieredBackend below,
      LocalTier<K, V> local,
      InFlightTable<K, LocalEntry<V>> loads,
      Executor executor,
      RandomGenerator random,
      Time time) {
    this.keyspace = spec.name;
    this.keys = keys;
    this.below = below;
    this.local = local;
    this.loads = loads;
    this.policy = spec.refresh;
    this.random = random;
    this.time = time;
    this.own = new OwnChanges(subscription, this::forget, time, executor);
    this.keepsForErrors = !spec.ttls.staleIfError().isZero();
  }

  /** Begins to follow. Once in its life. */
  void follow(Feed feed) {
    below.onChange(own::note);
    subscription.complete(feed.follow(keyspace, this));
  }

  /** Stops following; what is here is suspect from now on. */
  void close() {
    lock.lock();
    try {
      // Whatever is still asked about this connection is about none any more.
      connection++;
      closed = true;
      local.interrupted();
    } finally {
      lock.unlock();
    }
    below.feedConnected(false);
    below.onChange(change -> {});
    var following = subscription.getNow(null);
    if (following != null) {
      following.close();
    }
  }

  /**
   * This process is about to expire a key: when the feed tells of it, what is here stays for when
   * the source fails.
   */
  void expiring(String key) {
    own.noteExpiry(key);
  }

  /** This process has expired a key: what is here stays for when the source fails. */
  void expired(K key) {
    loads.detach(key);
    if (keepsForErrors) {
      local.expire(key);
    } else {
      local.forget(key);
    }
  }

  @Override
  public void changed(String text) {
    var mine = own.take(text);
    if (mine == null) {
      forget(text);
    } else if (mine.isExpiry()) {
      expired(text);
    } else {
      own.verify(text, mine);
    }
    // Last: those who wait for the key read on from here.
    below.changed(text);
  }

  @Override
  public void released(String text) {
    below.changed(text);
  }

  private void expired(String text) {
    var key = keys.parsed(text);
    if (key != null) {
      expired(key);
    }
  }

  /**
   * What is here of a key is older than what the remote tier holds, and so is what is on its way.
   */
  private void forget(String text) {
    var key = keys.parsed(text);
    if (key != null) {
      loads.detach(key);
      local.forget(key);
    }
  }

  @Override
  public void groupsChanged() {
    learnBarriers(current(), false);
  }

  @Override
  public void interrupted() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      connection++;
      asking = false;
      local.interrupted();
    } finally {
      lock.unlock();
    }
    below.feedConnected(false);
  }

  @Override
  public void connected() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      connection++;
      asking = true;
    } finally {
      lock.unlock();
    }
    learnBarriers(current(), true);
  }

  private long current() {
    lock.lock();
    try {
      return connection;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Asks which barriers were raised. As long as that is not known, nothing here can be trusted.
   *
   * @param of which connection this is about; nothing is done once it is over
   * @param trusting whether to trust what is stored from then on
   */
  private void learnBarriers(long of, boolean trusting) {
    Completions.onEnd(
        subscription.thenCompose(
            feed -> feed.barriers(below.groups().seen(), Deadline.after(PATIENCE, time))),
        (barriers, failure) -> {
          if (barriers != null) {
            below.groups().learn(barriers);
            if (trusting) {
              trust(of);
            }
          } else if (distrust(of, trusting)) {
            var unused = time.schedule(RETRY, () -> retry(of));
          }
        });
  }

  /** Trusts nothing until the barriers are known; true for whoever is to ask again. */
  private boolean distrust(long of, boolean trusting) {
    lock.lock();
    try {
      if (of != connection) {
        return false;
      }
      local.interrupted();
      // One at a time: the one that was asked in order to trust asks again itself.
      var asksAgain = trusting || !asking;
      asking |= asksAgain;
      return asksAgain;
    } finally {
      lock.unlock();
    }
  }

  private void retry(long of) {
    if (of == current()) {
      learnBarriers(of, true);
    }
  }

  private void trust(long of) {
    lock.lock();
    try {
      if (of != connection) {
        return;
      }
      asking = false;
      local.connected();
      // Under the lock, so that it is not said after an interruption that comes meanwhile; nobody
      // is woken by it.
      below.feedConnected(true);
    } finally {
      lock.unlock();
    }
    var feed = subscription.getNow(null);
    if (feed != null) {
      new Revalidation<>(local, keys, feed, policy, random, time).begin();
    }
  }
}
