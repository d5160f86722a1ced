package dev.tiercel.redis;

import dev.tiercel.backend.Completions;
import dev.tiercel.backend.Feed;
import dev.tiercel.error.ServingException;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Time;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The feed of one backend: one connection while anybody follows, replaced for ever when it is lost
 * or silent.
 *
 * <p>All that happens to it, pushes, replies, timers and followers that come and go, happens on one
 * thread and one after the other; so nothing of this needs a lock, and followers hear of changes in
 * the order in which Redis has told them.
 */
@SuppressWarnings("ReferenceEquality") // lines are told apart by identity
final class RedisFeed implements Feed {

  private static final Logger LOG = LoggerFactory.getLogger(RedisFeed.class);

  private final FeedOptions options;
  private final Executor thread;
  private final Failures failures;
  private final Time time;
  private final Set<FeedQuestion<?>> asked = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;
  /** Whether anybody has followed yet: until then there is nothing to end. */
  private volatile boolean used;

  // Below: on the feed's thread alone.
  private final Followers followers = new Followers();
  private final Attempts attempts;
  private final Refusals refusals;
  private @Nullable FeedLine line;
  private CompletableFuture<Void> lastEnd = CompletableFuture.completedFuture(null);
  private boolean warned;

  /**
   * A feed that nobody follows yet.
   *
   * @param connector opens a connection
   * @param thread a single thread: runs one task after the other, in order
   */
  RedisFeed(
      FeedOptions options,
      Supplier<CompletableFuture<LettuceLink>> connector,
      Executor thread,
      Failures failures,
      Time time,
      RandomGenerator random) {
    this.options = options;
    this.thread = thread;
    this.failures = failures;
    this.time = time;
    this.attempts = new Attempts(this, connector, failures, time, random);
    this.refusals = new Refusals(this, options, attempts, time, random);
  }

  @Override
  public Subscription follow(String keyspace, Follower follower) {
    var subscription = new RedisSubscription(this, failures, time, keyspace, follower);
    used = true;
    run(() -> begin(subscription));
    return subscription;
  }

  /** Ends the connection. Followers hear nothing more, save a call under way. */
  CompletableFuture<Void> close() {
    var end = new CompletableFuture<Void>();
    if (closed || !used) {
      end.complete(null);
    }
    // First what must run, since nothing does afterwards.
    Runnable last = () -> {
      followers.clear();
      refusals.clear();
      Completions.onEnd(hangUp(), (done, failure) -> end.complete(null));
    };
    if (!end.isDone()) {
      run(last);
    }
    closed = true;
    asked.forEach(question -> question.fail(failures.closed()));
    return end;
  }

  boolean isClosed() {
    return closed;
  }

  boolean isPublished() {
    return options.mode() == FeedOptions.Mode.PUBLISH;
  }

  /**
   * Runs something on the feed's thread, after what waits for it already; but nothing before
   * followers have been told of a line's loss.
   */
  void run(Runnable task) {
    if (closed) {
      return;
    }
    try {
      thread.execute(() -> {
        noticeLoss();
        task.run();
      });
    } catch (RejectedExecutionException ended) {
      LOG.debug("redis: feed has ended", ended);
    }
  }

  /**
   * Asks on the feed's connection; the answer is as of a moment between the changes told before it
   * and those told after it.
   *
   * @param follower who asks
   * @param deadline when it must have ended
   */
  <R> CompletableFuture<R> ask(
      RedisSubscription follower, FeedQuestion<R> question, Deadline deadline) {
    asked.add(question);
    var limit = time.schedule(deadline.remaining(), () -> question.fail(failures.deadlinePassed()));
    Completions.onEnd(question.answer(), (result, failure) -> {
      asked.remove(question);
      limit.cancel();
    });
    run(() -> ask(follower, question));
    if (closed) {
      question.fail(failures.closed());
    }
    return question.answer();
  }

  private void ask(RedisSubscription follower, FeedQuestion<?> question) {
    if (line == null || !follower.isConnected()) {
      question.fail(interruption());
    } else {
      question.ask(line, this);
    }
  }

  boolean isInUse(FeedLine asking) {
    return asking == line;
  }

  ServingException interruption() {
    return failures.interrupted();
  }

  private void begin(RedisSubscription follower) {
    followers.add(follower);
    if (line != null) {
      followOn(line, follower.keyspace());
    } else if (!attempts.isHeldOff()) {
      connect();
    }
  }

  /** Follows a keyspace, unless it was refused and it is too early to ask again. */
  private void followOn(FeedLine open, String keyspace) {
    if (!refusals.contains(keyspace)) {
      open.follow(keyspace);
    }
  }

  /** A follower goes; with the last one the connection does. */
  void end(RedisSubscription follower) {
    followers.remove(follower);
    if (followers.isEmpty()) {
      refusals.clear();
      Completions.onEnd(hangUp(), (done, failure) -> {});
    }
  }

  /** Ends the connection; the end of it, or of the one before. */
  private CompletableFuture<Void> hangUp() {
    attempts.cancel();
    if (line != null) {
      lastEnd = line.close();
      line = null;
    }
    return lastEnd;
  }

  /** Connects, if anybody follows and there is no connection. */
  void connect() {
    if (line == null && !followers.isEmpty()) {
      attempts.begin();
    }
  }

  /** There is a connection. */
  void opened(LettuceLink link) {
    if (followers.isEmpty()) {
      Completions.onEnd(link.close(), (done, ignored) -> {});
    } else {
      var opened = new FeedLine(link, this, options, time);
      line = opened;
      opened.open();
      followers.keyspaces().forEach(keyspace -> followOn(opened, keyspace));
    }
  }

  /** Redis tells of a keyspace from now on. */
  void connected(String keyspace) {
    followers.of(KeyNames.escaped(keyspace)).forEach(RedisSubscription::connected);
  }

  /** A key, or a keyspace's clock, has changed. */
  void changed(FeedLine by, String name) {
    // A follower may have been slow with the name before.
    noticeLoss();
    var changed = KeyNames.changed(name);
    if (by == line && changed != null) {
      followers.of(changed.keyspace()).forEach(follower -> follower.changed(changed));
    }
  }

  /** Everything may have changed. */
  void flushed(FeedLine by) {
    if (by == line) {
      var told = followers.all().stream().filter(RedisSubscription::isConnected).toList();
      told.forEach(RedisSubscription::interrupted);
      told.forEach(RedisSubscription::connected);
    }
  }

  /**
   * Redis does not tell of a keyspace. If it never will, that is this keyspace's business alone.
   */
  void refused(FeedLine by, String keyspace, Throwable failure) {
    if (by != line) {
      return;
    }
    var code = failures.refusal(failure);
    if (code != null) {
      warn(code);
      refusals.add(keyspace);
    }
    if (code == null || isPublished()) {
      // After a refused subscription replies are out of step.
      giveUp(by);
    }
  }

  boolean isFollowed(String keyspace) {
    return followers.keyspaces().contains(keyspace);
  }

  /** A keyspace that was refused may be asked for again. */
  void retry(String keyspace) {
    if (line != null && isFollowed(keyspace)) {
      line.follow(keyspace);
    }
  }

  /** The connection is lost, lags, or brings more than is read. */
  private void noticeLoss() {
    var lost = line;
    if (lost != null && lost.isLost()) {
      LOG.debug("redis: feed lost or late, replacing its connection");
      giveUp(lost);
    }
  }

  /** First of all everybody is told, and the next attempt is certain. */
  private void giveUp(FeedLine given) {
    line = null;
    followers.all().forEach(RedisSubscription::interrupted);
    attempts.afterLoss(given.openedAt);
    lastEnd = given.close();
  }

  /** Says once that Redis refuses. */
  void warn(String refusal) {
    if (!warned) {
      warned = true;
      LOG.warn(
          "redis: feed refused with {} (expected: a Redis that lets the user follow by {}); "
              + "until it does, not everybody is told of changes",
          refusal,
          options.mode());
    }
  }
}
