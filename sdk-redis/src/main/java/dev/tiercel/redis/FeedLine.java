package dev.tiercel.redis;

import dev.tiercel.backend.Completions;
import dev.tiercel.time.Time;
import io.lettuce.core.api.push.PushMessage;
import io.lettuce.core.protocol.RedisCommand;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One connection of a feed: hands what Redis pushes and replies to the feed's thread, in the order
 * in which it arrives.
 */
final class FeedLine {

  /** Names of changed keys that wait for the feed's thread, at most. */
  private static final int MOST_WAITING = 100_000;

  private final LettuceLink link;
  private final RedisFeed feed;
  private final Heartbeat heartbeat;
  private final AtomicBoolean lost = new AtomicBoolean();
  private final AtomicInteger waiting = new AtomicInteger();
  /** Keyspaces that Redis was asked to tell of; on the feed's thread alone. */
  private final Set<String> asked = new HashSet<>();
  /** Those for which it has agreed; on the feed's thread alone. */
  private final Set<String> told = new HashSet<>();

  final long openedAt;

  FeedLine(LettuceLink link, RedisFeed feed, FeedOptions options, Time time) {
    this.link = link;
    this.feed = feed;
    this.heartbeat = new Heartbeat(options, time, this);
    this.openedAt = time.nanos();
  }

  /** Begins to listen, and to ask for signs of life. */
  void open() {
    link.listen(this::pushed, this::lose);
    // It may have been lost before anybody listened: the first beat finds out.
    heartbeat.beat();
  }

  /**
   * Gives the connection up, on any thread: it ends at once, and the feed hears of it before
   * anything else that waits for its thread.
   */
  void lose() {
    if (lost.compareAndSet(false, true)) {
      Completions.onEnd(close(), (done, failure) -> {});
      feed.run(() -> {});
    }
  }

  boolean isLost() {
    return lost.get();
  }

  boolean isUsable() {
    return link.isUsable();
  }

  /** Has Redis tell of a keyspace, and the feed hear when it does. */
  void follow(String keyspace) {
    if (told.contains(keyspace)) {
      feed.connected(keyspace);
    } else if (asked.add(keyspace)) {
      var command =
          feed.isPublished() ? FeedCommands.subscribe(keyspace) : FeedCommands.track(keyspace);
      send(List.of(command), answers -> agreed(keyspace, answers.get(0)));
    }
  }

  private void agreed(String keyspace, Answer answer) {
    if (!feed.isInUse(this)) {
      return;
    }
    if (answer.failure() == null) {
      told.add(keyspace);
      feed.connected(keyspace);
    } else {
      asked.remove(keyspace);
      feed.refused(this, keyspace, answer.failure());
    }
  }

  /** Asks for a sign of life. */
  void ping(Consumer<Answer> then) {
    send(List.of(FeedCommands.ping()), answers -> then.accept(answers.get(0)));
  }

  /**
   * Sends commands; their answers are handed over on the feed's thread once all have come, in order
   * with the pushes, and even if the line has been lost meanwhile.
   */
  void send(
      List<? extends RedisCommand<byte[], byte[], List<byte[]>>> commands,
      Consumer<List<Answer>> then) {
    var calls = link.prepare(commands);
    // Before they are sent: heard of later, a reply could be overtaken by a push.
    Completions.onEnd(
        CompletableFuture.allOf(calls.toArray(CompletableFuture<?>[]::new)),
        (done, failure) ->
            feed.run(() -> then.accept(calls.stream().map(Answer::of).toList())));
    link.dispatch(calls);
  }

  CompletableFuture<Void> close() {
    heartbeat.end();
    return link.close();
  }

  /** On the connection's thread. */
  private void pushed(PushMessage message) {
    var content = message.getContent();
    if (message.getType().equals("invalidate") && content.size() == 2) {
      if (content.get(1) instanceof List<?> names) {
        tell(names);
      } else {
        feed.run(() -> feed.flushed(this));
      }
    } else if (message.getType().equals("message") && content.size() == 3) {
      tell(content.subList(2, 3));
    }
  }

  private void tell(List<?> pushed) {
    if (isLost()) {
      return;
    }
    if (waiting.addAndGet(pushed.size()) > MOST_WAITING) {
      lose();
      return;
    }
    var names = pushed.stream().map(FeedLine::text).toList();
    feed.run(() -> {
      waiting.addAndGet(-names.size());
      names.forEach(name -> feed.changed(this, name));
    });
  }

  private static String text(Object name) {
    return name instanceof ByteBuffer bytes
        ? StandardCharsets.UTF_8.decode(bytes.duplicate()).toString()
        : "";
  }
}
