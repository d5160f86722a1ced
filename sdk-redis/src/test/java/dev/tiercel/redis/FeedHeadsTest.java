package dev.tiercel.redis;

import static dev.tiercel.redis.Calls.await;
import static dev.tiercel.redis.Calls.value;
import static dev.tiercel.redis.RedisConsole.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiercel.backend.Feed;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.Unavailable;
import dev.tiercel.testing.FeedProbe;
import dev.tiercel.testing.engine.RedisEngine;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What is asked on the feed's connection. */
class FeedHeadsTest extends FeedTrial {

  /** Told between heads. */
  private static final Long CHANGE = -1L;

  FeedHeadsTest(RedisEngine redis) {
    super(redis);
  }

  /**
   * A head that does not show a change must be told before the change is, or its reader would
   * believe in a copy that is no more.
   */
  @Test
  void heads_andChanges_areInOrder() {
    var calls = open(FeedOptions.Mode.TRACKING);
    var others = open(FeedOptions.Mode.TRACKING);
    Calls.end(calls.put("key", value("value", 0)));
    var reader = new HeadReader(time);
    reader.subscription = calls.backend().feed().orElseThrow().follow(keyspace, reader);
    await("the feed", () -> reader.connected);
    for (var version = 1L; version <= 300; version++) {
      reader.log.clear();
      reader.wanted = version;
      var go = calls.put("go", value("value", version));
      var put = others.put("key", value("value", version));
      Calls.end(go);
      Calls.end(put);
      await("head and change", () -> reader.log.containsAll(List.of(reader.wanted, CHANGE)));
      assertThat(reader.log.lastIndexOf(version - 1)).isLessThan(reader.log.lastIndexOf(CHANGE));
    }
    reader.subscription.close();
  }

  /** Reads a head again and again, from {@code go} until it is what is wanted, on one thread. */
  private static final class HeadReader implements Feed.Follower {
    final List<Long> log = new CopyOnWriteArrayList<>();
    final Time time;
    volatile Feed.Subscription subscription;
    volatile boolean connected;
    volatile long wanted;

    HeadReader(Time time) {
      this.time = time;
    }

    @Override
    public void connected() {
      connected = true;
    }

    @Override
    public void interrupted() {}

    @Override
    public void changed(String key) {
      if (key.equals("go")) {
        read();
      } else {
        log.add(CHANGE);
      }
    }

    @Override
    public void groupsChanged() {}

    /** On the feed's thread, so that no answer can be there before somebody waits for it. */
    private void read() {
      var unused = subscription
          .heads(List.of("key"), Deadline.after(Duration.ofSeconds(20), time))
          .thenAccept(heads -> {
            log.add(heads.get(0).orElseThrow().version());
            if (heads.get(0).orElseThrow().version() < wanted) {
              read();
            }
          });
    }
  }

  @Test
  void heads_ofForeignBytes_areNone() {
    var calls = open(FeedOptions.Mode.TRACKING);
    Calls.end(calls.put("other", value("value", 1)));
    var others = console.commands().get(KeyNames.value(keyspace, "other"));
    console.commands().set(KeyNames.value(keyspace, "text"), bytes("text"));
    console.commands().rpush(KeyNames.value(keyspace, "list"), bytes("text"));
    console.commands().set(KeyNames.value(keyspace, "moved"), others);
    try (var feed = follow(calls)) {
      assertThat(feed.heads("other", "text", "list", "moved"))
          .containsExactly(
              Optional.of(new Feed.Head(1, 0)),
              Optional.empty(),
              Optional.empty(),
              Optional.empty());
    }
  }

  @Test
  void heads_keysOutOfBounds_areRefused() {
    var calls = open(FeedOptions.Mode.TRACKING);
    try (var subscription = follow(calls)) {
      assertThatThrownBy(() -> subscription.sendHeads(new String[0]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("keys: 0");
      var many = new String[1001];
      Arrays.fill(many, "key");
      assertThatThrownBy(() -> subscription.sendHeads(many))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("keys: 1001");
    }
  }

  @Test
  void heads_deadlinePasses_failsTyped() {
    var calls = open(FeedOptions.Mode.TRACKING);
    try (var feed = follow(calls)) {
      redis.pause();
      var subscription = calls.backend().feed().orElseThrow().follow(keyspace + "-c", new Deaf());

      var heads = subscription.heads(List.of("key"), deadline(Duration.ZERO));

      assertThat(FeedProbe.failure(heads))
          .isInstanceOfAny(DeadlineExceeded.class, Unavailable.class);
      feed.awaitInterrupted();
    }
  }
}
