package dev.tiercel.testing;

import static dev.tiercel.testing.BackendTrial.expiring;
import static dev.tiercel.testing.BackendTrial.tombstone;
import static dev.tiercel.testing.BackendTrial.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Feed;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.error.Unavailable;
import dev.tiercel.testing.FeedProbe.Told;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a cache tells of changes by itself, by whomever they are made. */
interface FeedContract extends BackendTrial {

  /** Without a feed: there is none, whenever it is asked for. */
  default boolean hasNoFeed() {
    if (probe().backend().feed().isPresent()) {
      assertThat(can(Feature.WRITE, Feature.LEASES)).isTrue();
      return false;
    }
    store(probe().keyspace(), "key", new byte[] {7});
    assertThat(probe().backend().feed()).isEmpty();
    return true;
  }

  @Test
  default void follow_isToldOfEveryPutAndDelete() {
    if (hasNoFeed()) {
      return;
    }
    try (var feed = probe().follow()) {
      given("key", value("value", 1));
      feed.awaitChanged("key");
      given("key", value("another", 2));
      feed.awaitChanged("key");
      given("key", tombstone(3));
      feed.awaitChanged("key");
      given("never there", tombstone(3));
      feed.awaitChanged("never there");
      assertThat(probe().put("newer", value("value", 1), Condition.IF_NEWER))
          .isInstanceOf(WriteOutcome.Stored.class);
      feed.awaitChanged("newer");
    }
  }

  @Test
  default void follow_isToldOfFillsAndReleases() {
    if (hasNoFeed()) {
      return;
    }
    try (var feed = probe().follow()) {
      var filled = probe().lease("filled", LONG).token();
      probe().fill("filled", value("value", 1), filled);
      feed.awaitChanged("filled");
      var absent = probe().lease("absent", LONG).token();
      probe().fill("absent", tombstone(0), absent);
      feed.awaitChanged("absent");
      var released = probe().lease("released", LONG).token();
      probe().release("released", released);
      feed.awaitChanged("released");
    }
  }

  @Test
  default void follow_isToldOfTheReleaseOfALeaseOverACopy() {
    if (hasNoFeed() || !can(Feature.VERSIONS)) {
      return;
    }
    given("key", value("value", 1));
    var wanted = probe().request("key").withFreshness(BackendTrial.atLeast(2)).withLease(LONG);
    var token = probe().lease(wanted).token();
    try (var feed = probe().follow()) {
      probe().release("key", token);
      feed.awaitChanged("key");
    }
    assertHolds("key", value("value", 1));
  }

  @Test
  default void follow_isToldOfWhatIsForgotten_whetherThereOrNot() {
    if (hasNoFeed()) {
      return;
    }
    given("there", value("value", 1));
    given("held", value("value", 1));
    try (var feed = probe().follow()) {
      probe().forget("there", Duration.ZERO);
      feed.awaitChanged("there");
      probe().forget("there", Duration.ZERO);
      feed.awaitChanged("there");
      probe().forget("never there", Duration.ZERO);
      feed.awaitChanged("never there");
      probe().forget("held", LONG);
      feed.awaitChanged("held");
      probe().forget("held too", LONG);
      feed.awaitChanged("held too");
    }
  }

  @Test
  default void follow_isToldOfBarriers() {
    if (hasNoFeed() || !can(Feature.GROUPS)) {
      return;
    }
    try (var feed = probe().follow()) {
      var group = another().barrier("group");
      feed.awaitGroupsChanged();
      assertThat(feed.barriers(0)).isEqualTo(Barriers.of("group", group));
      var whole = another().barrier(Barriers.ALL);
      feed.awaitGroupsChanged();
      assertThat(feed.barriers(group)).isEqualTo(Barriers.of(Barriers.ALL, whole));
      assertThat(feed.barriers(whole).byGroup()).isEmpty();
    }
  }

  @Test
  default void follow_isToldOfWhatOthersChange() {
    if (hasNoFeed()) {
      return;
    }
    try (var feed = probe().follow()) {
      assertThat(another().put("key", value("value", 1), Condition.ALWAYS))
          .isInstanceOf(WriteOutcome.Stored.class);
      feed.awaitChanged("key");
      another().forget("key", Duration.ZERO);
      feed.awaitChanged("key");
      var token = another().lease("key", LONG).token();
      another().release("key", token);
      feed.awaitChanged("key");
    }
  }

  @Test
  default void follow_isToldOfItsOwnKeyspaceOnly() {
    if (hasNoFeed() || !keepsKeyspacesApart()) {
      return;
    }
    var other = probe().in(probe().keyspace() + ":b");
    try (var feed = probe().follow();
        var others = other.follow()) {
      other.put("c", value("value", 1), Condition.ALWAYS);
      if (can(Feature.GROUPS)) {
        other.barrier("group");
        others.awaitGroupsChanged();
      }
      given("b:c", value("value", 1));
      assertThat(feed.until(Told.changed("b:c"))).isEmpty();
      other.put("end", value("value", 1), Condition.ALWAYS);
      assertThat(others.until(Told.changed("end"))).doesNotContain(Told.changed("b:c"));
    }
  }

  @Test
  default void follow_keysOfAnySpelling_areToldToTheLetter() {
    if (hasNoFeed()) {
      return;
    }
    try (var feed = probe().follow()) {
      var keys = List.of("a b", "{x}", "}", "a}b{c", ":", "*?[", "\u00fc\ud83d\ude00", "\n");
      for (var key : keys) {
        given(key, value("value", 1));
        // One change may be told more than once, but none that was not made.
        assertThat(feed.until(Told.changed(key))).extracting(Told::key).isSubsetOf(keys);
      }
    }
  }

  @Test
  default void follow_many_eachIsTold() {
    if (hasNoFeed()) {
      return;
    }
    try (var one = probe().follow();
        var two = probe().follow();
        var three = another().follow()) {
      given("key", value("value", 1));
      one.awaitChanged("key");
      two.awaitChanged("key");
      three.awaitChanged("key");
    }
  }

  @Test
  default void close_ofASubscription_endsIt() {
    if (hasNoFeed()) {
      return;
    }
    try (var open = probe().follow()) {
      var closed = probe().follow();
      closed.close();
      closed.close();
      given("key", value("value", 1));
      open.awaitChanged("key");
      given("key", value("value", 2));
      open.awaitChanged("key");

      assertThat(closed.told()).isEmpty();
      assertThat(FeedProbe.failure(closed.sendHeads("key"))).isInstanceOf(Unavailable.class);
    }
  }

  @Test
  default void close_ofTheBackend_failsWhatIsAsked() {
    if (hasNoFeed()) {
      return;
    }
    var feed = probe().follow();
    probe().backend().close();

    assertThat(FeedProbe.failure(feed.sendHeads("key"))).isInstanceOf(Unavailable.class);
    assertThat(feed.told()).doesNotContain(Told.changed("key"));
  }

  @Test
  default void heads_identifyCopies() {
    if (hasNoFeed()) {
      return;
    }
    var now = time().millis();
    given("there", value("value", 5).withTimes(now - 1000, 0, 0));
    given("deleted", tombstone(6));
    given("over", expiring("value", 7, now - 1));
    given("forgotten", value("value", 8));
    probe().forget("forgotten", Duration.ZERO);
    probe().lease("leased", LONG);
    try (var feed = probe().follow()) {
      var heads = feed.heads("there", "deleted", "over", "forgotten", "leased", "never there");

      assertThat(heads).hasSize(6);
      assertThat(heads.get(0)).contains(new Feed.Head(5, now - 1000));
      assertThat(heads.get(1)).contains(new Feed.Head(6, 0));
      assertThat(heads.subList(2, 6)).allMatch(Optional::isEmpty);
    }
  }

  @Test
  default void heads_manyKeys_comeInTheirOrder() {
    if (hasNoFeed()) {
      return;
    }
    var keys = new String[1000];
    for (var i = 0; i < keys.length; i++) {
      keys[i] = "key" + i;
    }
    given("key0", value("value", 1));
    given("key999", value("value", 2));
    try (var feed = probe().follow()) {
      var heads = feed.heads(keys);

      assertThat(heads).hasSize(1000);
      assertThat(heads.get(0)).contains(new Feed.Head(1, 0));
      assertThat(heads.get(999)).contains(new Feed.Head(2, 0));
      assertThat(heads.subList(1, 999)).allMatch(Optional::isEmpty);
    }
  }

  @Test
  default void heads_knowEveryChangeThatWasAcknowledged() {
    if (hasNoFeed()) {
      return;
    }
    try (var feed = probe().follow()) {
      for (var version = 1; version <= 50; version++) {
        var written = version % 2 == 0 ? another() : probe();
        assertThat(written.put("key", value("value", version), Condition.ALWAYS))
            .isInstanceOf(WriteOutcome.Stored.class);
        assertThat(feed.head("key").version()).isEqualTo(version);
      }
    }
  }
}
