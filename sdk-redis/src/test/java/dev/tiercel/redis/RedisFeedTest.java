package dev.tiercel.redis;

import static dev.tiercel.redis.Calls.await;
import static dev.tiercel.redis.Calls.value;
import static dev.tiercel.redis.RedisConsole.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Feed;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.Unavailable;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.testing.FeedProbe;
import dev.tiercel.testing.FeedProbe.Kind;
import dev.tiercel.testing.FeedProbe.Told;
import dev.tiercel.testing.RedisExtension;
import dev.tiercel.testing.UniqueName;
import dev.tiercel.testing.engine.RedisEngine;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.SystemTime;
import dev.tiercel.time.Time;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.KillArgs;
import io.lettuce.core.protocol.CommandType;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a real Redis tells, and what is told when it dies, freezes and comes back. */
class RedisFeedTest {

  @RegisterExtension
  static final RedisExtension OWN = RedisExtension.own();

  private static final Duration LEASE = Duration.ofMinutes(1);

  /** Told between heads. */
  private static final Long CHANGE = -1L;

  private final RedisEngine redis;
  private RedisConsole console;
  private final SystemTime time = new SystemTime("feed-test-time");
  private final String keyspace = UniqueName.of("feed");
  private final List<RedisBackend> opened = new ArrayList<>();

  RedisFeedTest(RedisEngine redis) {
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

  @ParameterizedTest
  @EnumSource(names = {"TRACKING", "PUBLISH"})
  void changes_areTold_eachKind(FeedOptions.Mode mode) {
    var calls = open(mode);
    try (var feed = follow(calls)) {
      assertStored(calls, new Mutation.Put("put", value("value", 1), Condition.IF_NEWER));
      feed.awaitChanged("put");
      var token = lease(calls, "filled");
      assertStored(
          calls, new Mutation.Fill("filled", value("value", 1), new Condition.IfLease(token)));
      feed.awaitChanged("filled");
      assertStored(
          calls, new Mutation.Put("put", EncodedEntry.tombstone(2, 0, 0), Condition.ALWAYS));
      feed.awaitChanged("put");
      assertStored(calls, new Mutation.Forget("filled", Duration.ZERO));
      feed.awaitChanged("filled");
      assertStored(calls, new Mutation.Forget("filled", Duration.ZERO));
      feed.awaitChanged("filled");
      assertStored(calls, new Mutation.Forget("nothing", LEASE));
      feed.awaitChanged("nothing");
      assertStored(calls, new Mutation.Barrier("group"));
      feed.awaitGroupsChanged();
      assertStored(calls, new Mutation.Barrier(Barriers.ALL));
      feed.awaitGroupsChanged();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TRACKING", "PUBLISH"})
  void release_isTold_withoutACopyAndOverOneOfAnyLife(FeedOptions.Mode mode) {
    var calls = open(mode);
    var soonOver = new EncodedEntry(bytes("v"), 1, 0, 1, 1, 0, time.millis() + 60_000);
    assertStored(calls, new Mutation.Put("expiring", soonOver, Condition.ALWAYS));
    assertStored(calls, new Mutation.Put("for ever", value("value", 1), Condition.ALWAYS));
    assertThat(console.commands().rpush(KeyNames.value(keyspace, "list"), bytes("x")))
        .isOne();
    var left = console.millisLeft(KeyNames.value(keyspace, "expiring"));
    for (var key : List.of("nothing", "expiring", "for ever", "list")) {
      // A lease as a reader that wants a newer version would have it.
      console.commands().set(KeyNames.lease(keyspace, key), Invocation.number(7));
      try (var feed = follow(calls)) {
        assertStored(calls, new Mutation.Release(key, new Condition.IfLease(7)));
        feed.awaitChanged(key);
      }
      assertThat(console.commands().exists(KeyNames.lease(keyspace, key))).isZero();
    }
    assertThat(console.commands().exists(KeyNames.value(keyspace, "nothing"))).isZero();
    assertThat(console.millisLeft(KeyNames.value(keyspace, "expiring"))).isBetween(1L, left);
    assertThat(console.millisLeft(KeyNames.value(keyspace, "for ever"))).isEqualTo(-1);
    assertThat(console.commands().llen(KeyNames.value(keyspace, "list"))).isOne();
    assertThat(Calls.outcome(calls.read("for ever"))).isInstanceOf(ReadOutcome.Found.class);
  }

  @Test
  void changesByOthers_areTold_expiryToo() {
    var calls = open(FeedOptions.Mode.TRACKING);
    try (var feed = follow(calls)) {
      console.commands().set(KeyNames.value(keyspace, "foreign"), bytes("anything"));
      feed.awaitChanged("foreign");
      console.commands().pexpire(KeyNames.value(keyspace, "foreign"), 1);
      feed.awaitChanged("foreign");
      await(
          "the end of the key",
          () -> console.commands().get(KeyNames.value(keyspace, "foreign")) == null);
      feed.awaitChanged("foreign");
    }
  }

  @Test
  void whatIsNotChanged_isNotTold() {
    var calls = open(FeedOptions.Mode.TRACKING);
    assertStored(calls, new Mutation.Put("key", value("value", 5), Condition.ALWAYS));
    try (var feed = follow(calls)) {
      lease(calls, "leased");
      assertStored(calls, new Mutation.Forget("key", LEASE, 5));
      Calls.end(calls.put("key", value("old", 4)));
      Calls.end(calls.read("key"));

      assertStored(calls, new Mutation.Put("end", value("value", 1), Condition.ALWAYS));
      assertThat(feed.until(Told.changed("end"))).isEmpty();
    }
  }

  @Test
  void flush_interrupts_andConnectsAgain() {
    var calls = open(FeedOptions.Mode.TRACKING);
    try (var feed = follow(calls)) {
      console.commands().flushall();

      feed.awaitInterrupted();
      feed.awaitConnected();
      assertStored(calls, new Mutation.Put("key", value("value", 1), Condition.ALWAYS));
      feed.awaitChanged("key");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TRACKING", "PUBLISH"})
  void connectionKilled_interrupts_andConnectsAgain(FeedOptions.Mode mode) {
    var calls = open(mode);
    try (var feed = follow(calls)) {
      for (var round = 1; round <= 3; round++) {
        console.commands().clientKill(KillArgs.Builder.id(feedId()));

        feed.awaitInterrupted();
        feed.awaitConnected();
        assertStored(calls, new Mutation.Put("key", value("value", round), Condition.ALWAYS));
        feed.awaitChanged("key");
      }
    }
  }

  @Test
  void restart_interrupts_andConnectsAgainByItself() {
    var calls = open(FeedOptions.Mode.TRACKING);
    try (var feed = follow(calls)) {
      redis.kill();
      feed.awaitInterrupted();
      assertThat(FeedProbe.failure(feed.sendHeads("key"))).isInstanceOf(Unavailable.class);

      redis.start();
      feed.awaitConnected();
      await(
          "a put",
          () -> Calls.end(calls.put("key", value("value", 1))).outcomes().get(0)
              instanceof WriteOutcome.Stored);
      feed.awaitChanged("key");
    }
  }

  @Test
  void silence_interrupts_andConnectsAgainWhenItIsOver() {
    var calls = open(FeedOptions.Mode.TRACKING);
    try (var feed = follow(calls)) {
      redis.pause();
      var heads = feed.sendHeads("key");
      feed.awaitInterrupted();
      assertThat(FeedProbe.failure(heads)).isInstanceOf(Unavailable.class);

      redis.resume();
      feed.awaitConnected();
      assertThat(feed.heads("key")).containsExactly(Optional.empty());
    }
  }

  @Test
  void connectedWhileDown_isToldOnceRedisIsThere() {
    redis.kill();
    var calls = open(FeedOptions.Mode.TRACKING);
    try (var feed = FeedProbe.follow(calls.backend().feed().orElseThrow(), keyspace, time)) {
      assertThat(FeedProbe.failure(feed.sendHeads("key"))).isInstanceOf(Unavailable.class);

      redis.start();

      assertThat(feed.until(Told.of(Kind.CONNECTED))).isEmpty();
    }
  }

  @Test
  void keyspaces_shareOneConnection_andFollowersComeAndGo() {
    var calls = open(FeedOptions.Mode.TRACKING);
    var other = new Calls(calls.backend(), keyspace + "-b");
    var first = follow(calls);
    var accepted = console.connectionsAccepted();
    try (var second = follow(other);
        var third = follow(calls)) {
      assertStored(other, new Mutation.Put("key", value("value", 1), Condition.ALWAYS));
      second.awaitChanged("key");
      first.close();
      assertStored(calls, new Mutation.Put("key", value("value", 1), Condition.ALWAYS));
      assertThat(third.until(Told.changed("key"))).isEmpty();
      assertThat(first.told()).isEmpty();
      assertThat(second.told()).isEmpty();
      try (var again = follow(calls)) {
        assertStored(calls, new Mutation.Barrier("group"));
        again.awaitGroupsChanged();
      }
      assertThat(console.connectionsAccepted()).isEqualTo(accepted);
    }
    await("the end of the connection", () -> feeds() == 0);
    try (var anew = follow(calls)) {
      assertStored(calls, new Mutation.Put("key", value("value", 2), Condition.ALWAYS));
      anew.awaitChanged("key");
    }
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

  @Test
  void close_followerHearsNothingMore_andTheConnectionEnds() {
    var calls = open(FeedOptions.Mode.TRACKING);
    var feed = follow(calls);
    assertThat(feeds()).isOne();

    calls.backend().close();

    console.commands().set(KeyNames.value(keyspace, "key"), bytes("x"));
    await("the end of the connection", () -> feeds() == 0);
    assertThat(feed.told()).isEmpty();
    assertThat(FeedProbe.failure(feed.sendHeads("key"))).isInstanceOf(Unavailable.class);
    assertThat(calls.backend().feed().orElseThrow().follow(keyspace, new Deaf()))
        .isNotNull();
    assertThat(feeds()).isZero();
  }

  @Test
  void none_hasNoFeed_andPublishesNothing() {
    var calls = open(FeedOptions.Mode.NONE);
    Calls.end(calls.put("key", value("value", 1)));

    assertThat(calls.backend().feed()).isEmpty();
    assertThat(console.calls("publish")).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"TRACKING", "PUBLISH"})
  void refused_staysUnconnected_untilItIsAllowed(FeedOptions.Mode mode) {
    var user = AclSetuserArgs.Builder.on()
        .addPassword("s3cret")
        .allKeys()
        .allChannels()
        .allCommands();
    console
        .commands()
        .aclSetuser(
            "follower",
            user.removeCommand(CommandType.CLIENT).removeCommand(CommandType.SUBSCRIBE));
    var uri = URI.create("redis://follower:s3cret@" + redis.host() + ":" + redis.port());
    var fake = new FakeTime();
    var feeds = FeedOptions.defaults().mode(mode);
    var backend = RedisBackend.connect(RedisOptions.of(uri).feed(feeds), fake);
    opened.add(backend);
    var calls = new Calls(backend, keyspace);
    console.resetCounts();
    try (var feed = FeedProbe.follow(backend.feed().orElseThrow(), keyspace, time)) {
      await("a refusal", () -> refusals() > 0);
      assertThat(FeedProbe.failure(feed.sendHeads("key"))).isInstanceOf(Unavailable.class);
      assertThat(feed.told()).isEmpty();

      console.commands().aclSetuser("follower", AclSetuserArgs.Builder.allCommands());
      await("the feed", () -> {
        fake.advance(Duration.ofMillis(200));
        return feed.told().contains(Told.of(Kind.CONNECTED));
      });
      assertStored(calls, new Mutation.Put("key", value("value", 1), Condition.ALWAYS));
      feed.awaitChanged("key");
    }
  }

  /** How many commands Redis has refused because the user may not run them. */
  private long refusals() {
    return Pattern.compile("errorstat_NOPERM:count=(\\d+)")
        .matcher(console.commands().info("errorstats"))
        .results()
        .mapToLong(match -> Long.parseLong(match.group(1)))
        .sum();
  }

  private Calls open(FeedOptions.Mode mode) {
    var options = RedisOptions.of(redis.uri()).feed(FeedOptions.defaults().mode(mode));
    var backend = RedisBackend.connect(options);
    opened.add(backend);
    return new Calls(backend, keyspace);
  }

  private FeedProbe follow(Calls calls) {
    var probe = FeedProbe.follow(calls.backend().feed().orElseThrow(), calls.keyspace(), time);
    probe.awaitConnected();
    return probe;
  }

  private static long lease(Calls calls, String key) {
    var outcome = (ReadOutcome.Absent) Calls.outcome(calls.readLeasing(List.of(key)));
    return outcome.lease().token();
  }

  private static void assertStored(Calls calls, Mutation mutation) {
    assertThat(Calls.writeOutcome(calls.write(List.of(mutation))))
        .isInstanceOf(WriteOutcome.Stored.class);
  }

  /** How many connections speak the protocol of feeds. */
  private long feeds() {
    return clients().stream().filter(RedisFeedTest::isFeed).count();
  }

  private long feedId() {
    var feed = clients().stream().filter(RedisFeedTest::isFeed).findFirst().orElseThrow();
    var id = Pattern.compile("id=(\\d+)").matcher(feed);
    assertThat(id.find()).isTrue();
    return Long.parseLong(id.group(1));
  }

  /** Tracking clients have the flag t, subscribed ones P. */
  private static boolean isFeed(String client) {
    return Pattern.compile(" flags=\\w*[tP]").matcher(client).find();
  }

  private List<String> clients() {
    return new String(bytes(console.commands().clientList()), UTF_8).lines().toList();
  }

  private Deadline deadline(Duration left) {
    return Deadline.after(left, time);
  }

  private static final class Deaf implements Feed.Follower {
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
