package dev.tiercel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Feed;
import dev.tiercel.builtin.Backends;
import dev.tiercel.error.Unavailable;
import dev.tiercel.testing.FeedProbe.Kind;
import dev.tiercel.testing.FeedProbe.Told;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class StagedFeedTest {

  private final FakeTime time = new FakeTime();
  private final Backend behind = Backends.inMemoryCache(1 << 20, time);
  private final StagedBackend staged = new StagedBackend(behind);
  private final BackendProbe cache = new BackendProbe(staged, "k", time);
  private final FeedProbe feed = cache.follow();

  @Test
  void feed_unstaged_passesAtOnce() {
    put("key", 1);
    cache.barrier("group");

    assertThat(feed.told()).containsExactly(Told.changed("key"), Told.of(Kind.GROUPS_CHANGED));
    assertThat(feed.head("key")).isEqualTo(new Feed.Head(1, 0));
    assertThat(feed.barriers(0).byGroup()).containsOnlyKeys("group");
    assertThat(staged.feed()).isEqualTo(staged.feed()).isNotEqualTo(behind.feed());
  }

  @Test
  void cut_losesWhatChanges_untilItIsRestored() {
    staged.cutFeed();
    staged.cutFeed();
    put("lost", 1);
    assertThat(feed.told()).containsExactly(Told.of(Kind.INTERRUPTED));
    assertThat(FeedProbe.failure(feed.sendHeads("lost"))).isInstanceOf(Unavailable.class);

    staged.restoreFeed();
    staged.restoreFeed();
    put("key", 1);

    assertThat(feed.told()).containsExactly(Told.of(Kind.CONNECTED), Told.changed("key"));
    assertThat(feed.head("lost").version()).isEqualTo(1);
  }

  @Test
  void follow_whileCut_isConnectedOnceRestored() {
    staged.cutFeed();
    var late = FeedProbe.follow(staged.feed().orElseThrow(), "k", time);
    assertThat(late.told()).isEmpty();

    staged.restoreFeed();
    put("key", 1);

    assertThat(late.told()).containsExactly(Told.of(Kind.CONNECTED), Told.changed("key"));
  }

  @Test
  void hold_queuesChangesAndAnswers_inOrder() {
    staged.holdFeed();
    put("key", 1);
    var heads = feed.sendHeads("key");
    put("key", 2);
    var order = new ArrayList<Object>();
    var unused = heads.thenAccept(answer -> {
      order.addAll(feed.told());
      order.add(answer.get(0).orElseThrow().version());
    });
    assertThat(feed.told()).isEmpty();
    assertThat(heads).isNotDone();

    staged.releaseFeed();
    order.addAll(feed.told());

    // As it was when it was asked for, though the cache has long held another.
    assertThat(order).containsExactly(Told.changed("key"), 1L, Told.changed("key"));
    put("another", 1);
    assertThat(feed.told()).containsExactly(Told.changed("another"));
  }

  @Test
  void hold_thenCut_losesWhatWasHeld() {
    staged.holdFeed();
    put("key", 1);
    var heads = feed.sendHeads("key");

    staged.cutFeed();
    assertThat(feed.told()).containsExactly(Told.of(Kind.INTERRUPTED));
    assertThat(FeedProbe.failure(heads)).isInstanceOf(Unavailable.class);
    staged.releaseFeed();
    staged.restoreFeed();

    assertThat(feed.told()).containsExactly(Told.of(Kind.CONNECTED));
    put("key", 2);
    assertThat(feed.told()).containsExactly(Told.changed("key"));
  }

  @Test
  void headsRead_areCounted() {
    feed.heads("a", "b");
    feed.heads("a");

    assertThat(staged.headsRead()).containsExactly("a", "b", "a");
  }

  @Test
  void subscriptionClosed_hearsNothingOfCuts() {
    feed.close();
    staged.cutFeed();
    staged.restoreFeed();
    put("key", 1);

    assertThat(feed.told()).isEmpty();
  }

  @Test
  void interruptedBehind_isPassedOn_andNotConnectedByARestore() {
    var inner = new StagedBackend(behind);
    var outer = new StagedBackend(inner);
    var both = FeedProbe.follow(outer.feed().orElseThrow(), "k", time);
    both.awaitConnected();
    inner.cutFeed();
    outer.cutFeed();
    outer.restoreFeed();
    assertThat(both.told()).containsExactly(Told.of(Kind.INTERRUPTED), Told.of(Kind.INTERRUPTED));

    inner.restoreFeed();

    assertThat(both.told()).containsExactly(Told.of(Kind.CONNECTED));
  }

  @Test
  void backendWithoutAFeed_hasNothingToStage() {
    var store = new StagedBackend(Backends.inMemoryStore(1 << 20, time));

    assertThat(store.feed()).isEmpty();
    assertThatThrownBy(store::cutFeed)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("feed: none (expected: a backend behind that has one)");
  }

  private void put(String key, long version) {
    cache.put(key, EncodedEntry.plain(new byte[1]).withVersion(version), Condition.ALWAYS);
  }
}
