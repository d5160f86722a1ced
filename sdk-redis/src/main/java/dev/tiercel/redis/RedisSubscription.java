package dev.tiercel.redis;

import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.Feed;
import dev.tiercel.backend.Feed.Follower;
import dev.tiercel.backend.Feed.Head;
import dev.tiercel.codec.Envelope;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One follower of a {@link RedisFeed}: what it has been told, and what it asks. */
final class RedisSubscription implements Feed.Subscription {

  private static final Logger LOG = LoggerFactory.getLogger(RedisSubscription.class);
  private static final int MOST_KEYS = 1000;

  private final RedisFeed feed;
  private final Failures failures;
  private final Time time;
  private final String keyspace;
  private final String name;
  private final Follower follower;
  private volatile boolean closed;
  /** On the feed's thread alone. */
  private boolean connected;

  RedisSubscription(
      RedisFeed feed, Failures failures, Time time, String keyspace, Follower follower) {
    this.feed = feed;
    this.failures = failures;
    this.time = time;
    this.keyspace = keyspace;
    this.name = KeyNames.escaped(keyspace);
    this.follower = follower;
  }

  String keyspace() {
    return keyspace;
  }

  /** The keyspace as names of keys hold it. */
  String name() {
    return name;
  }

  @Override
  public CompletableFuture<List<Optional<Head>>> heads(List<String> keys, Deadline deadline) {
    if (keys.isEmpty() || keys.size() > MOST_KEYS) {
      throw new IllegalArgumentException(
          "keys: " + keys.size() + " (expected: 1 to " + MOST_KEYS + ")");
    }
    var wanted = List.copyOf(keys);
    var commands = wanted.stream()
        .map(key -> FeedCommands.head(keyspace, key, Envelope.HEAD_BYTES))
        .toList();
    var question = new FeedQuestion<>(commands, answers -> heads(wanted, answers));
    return feed.ask(this, question, deadline);
  }

  @Override
  public CompletableFuture<Barriers> barriers(long seen, Deadline deadline) {
    var command = Invocation.barriersSince(seen, keyspace).inFull();
    var question = new FeedQuestion<>(List.of(command), answers -> barriers(answers.get(0), seen));
    return feed.ask(this, question, deadline);
  }

  @Override
  public void close() {
    closed = true;
    feed.run(() -> feed.end(this));
  }

  /** Whether everything that changes is told now; on the feed's thread. */
  boolean isConnected() {
    return connected && !closed;
  }

  void connected() {
    if (!connected) {
      connected = true;
      tell(follower::connected);
    }
  }

  void interrupted() {
    if (connected) {
      connected = false;
      tell(follower::interrupted);
    }
  }

  /** Something has changed. */
  void changed(KeyNames.Changed changed) {
    if (connected) {
      tell(() -> pass(changed));
    }
  }

  private void pass(KeyNames.Changed changed) {
    var key = changed.key();
    if (key == null) {
      follower.groupsChanged();
    } else if (changed.isRelease()) {
      follower.released(key);
    } else {
      follower.changed(key);
    }
  }

  private void tell(Runnable call) {
    if (closed || feed.isClosed()) {
      return;
    }
    try {
      call.run();
    } catch (RuntimeException | Error thrown) {
      // The others must hear what this one has, and the feed must go on.
      LOG.error("follower: threw (expected: no exception)", thrown);
    }
  }

  private List<Optional<Head>> heads(List<String> keys, List<Answer> answers) {
    var now = time.millis();
    var heads = new ArrayList<Optional<Head>>();
    for (var i = 0; i < answers.size(); i++) {
      heads.add(Optional.ofNullable(head(keys.get(i), answers.get(i), now)));
    }
    return heads;
  }

  private @Nullable Head head(String key, Answer answer, long now) {
    var failure = answer.failure();
    if (failure != null && !failures.isOfAnotherType(failure)) {
      throw failures.ofRead(failure);
    }
    var reply = answer.reply();
    if (reply == null || reply.isEmpty() || reply.get(0) == null) {
      return null;
    }
    var head = Envelope.decodeHead(keyspace, key, reply.get(0));
    return head == null || head.isExpiredAt(now)
        ? null
        : new Head(head.version(), head.createdAtMillis());
  }

  private Barriers barriers(Answer answer, long seen) {
    if (answer.failure() != null) {
      throw failures.ofRead(answer.failure());
    }
    var barriers = BarrierReply.of(answer.reply(), seen);
    if (barriers == null) {
      throw failures.unexpectedReply();
    }
    return barriers;
  }
}
