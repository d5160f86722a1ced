package dev.tiercel.redis;

import static dev.tiercel.redis.Calls.await;
import static dev.tiercel.redis.RedisConsole.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Feed;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.testing.FeedProbe;
import dev.tiercel.testing.RedisExtension;
import dev.tiercel.testing.UniqueName;
import dev.tiercel.testing.engine.RedisEngine;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.SystemTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A feed over a real Redis of the class's own, and a look at what Redis does. */
abstract class FeedTrial {

  @RegisterExtension
  static final RedisExtension OWN = RedisExtension.own();

  final RedisEngine redis;

  RedisConsole console;

  final SystemTime time = new SystemTime("feed-test-time");

  final String keyspace = UniqueName.of("feed");

  final List<RedisBackend> opened = new ArrayList<>();

  FeedTrial(RedisEngine redis) {
    this.redis = redis;
  }

  /** Not before the engine answers again that the test before has killed. */
  @BeforeEach
  void look() {
    console = new RedisConsole(redis.uri());
    console.resetCounts();
  }

  @AfterEach
  void close() {
    opened.forEach(RedisBackend::close);
    console.close();
    time.close();
    await(
        "no threads",
        () -> Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> thread.getName().startsWith("tiercel-redis")));
  }

  Calls open(FeedOptions.Mode mode) {
    var options = RedisOptions.of(redis.uri()).feed(FeedOptions.defaults().mode(mode));
    var backend = RedisBackend.connect(options);
    opened.add(backend);
    return new Calls(backend, keyspace);
  }

  FeedProbe follow(Calls calls) {
    var probe = FeedProbe.follow(calls.backend().feed().orElseThrow(), calls.keyspace(), time);
    probe.awaitConnected();
    return probe;
  }

  static long lease(Calls calls, String key) {
    var outcome = (ReadOutcome.Absent) Calls.outcome(calls.readLeasing(List.of(key)));
    return outcome.lease().token();
  }

  static void assertStored(Calls calls, Mutation mutation) {
    assertThat(Calls.writeOutcome(calls.write(List.of(mutation))))
        .isInstanceOf(WriteOutcome.Stored.class);
  }

  /** How many connections speak the protocol of feeds. */
  long feeds() {
    return clients().stream().filter(FeedTrial::isFeed).count();
  }

  List<String> clients() {
    return new String(bytes(console.commands().clientList()), UTF_8).lines().toList();
  }

  /** Tracking clients have the flag t, subscribed ones P. */
  static boolean isFeed(String client) {
    return Pattern.compile(" flags=\\w*[tP]").matcher(client).find();
  }

  Deadline deadline(Duration left) {
    return Deadline.after(left, time);
  }

  /** Writes down what it hears, in words. */
  static class Listener implements Feed.Follower {
    final List<String> log = new CopyOnWriteArrayList<>();

    @Override
    public void connected() {
      log.add("connected");
    }

    @Override
    public void interrupted() {
      log.add("interrupted");
    }

    @Override
    public void changed(String key) {
      log.add("changed " + key);
    }

    @Override
    public void released(String key) {
      log.add("released " + key);
    }

    @Override
    public void groupsChanged() {
      log.add("groups");
    }
  }

  static final class Deaf implements Feed.Follower {
    @Override
    public void connected() {}

    @Override
    public void interrupted() {}

    @Override
    public void changed(String key) {}

    @Override
    public void groupsChanged() {}
  }
}
