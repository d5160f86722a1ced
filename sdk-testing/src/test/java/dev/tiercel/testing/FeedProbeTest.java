package dev.tiercel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.builtin.Backends;
import dev.tiercel.testing.FeedProbe.Told;
import org.junit.jupiter.api.Test;

class FeedProbeTest {

  private final FakeTime time = new FakeTime();
  private final BackendProbe cache =
      new BackendProbe(Backends.inMemoryCache(1 << 20, time), "k", time);

  @Test
  void until_returnsWhatCameBefore_andLeavesWhatCameAfter() {
    try (var feed = cache.follow()) {
      put("a");
      put("b");
      put("c");

      assertThat(feed.until(Told.changed("b"))).containsExactly(Told.changed("a"));
      assertThat(feed.told()).containsExactly(Told.changed("c"));
      assertThat(feed.told()).isEmpty();
    }
  }

  @Test
  void head_ofWhatIsNotThere_isAnAssertionError() {
    try (var feed = cache.follow()) {
      assertThatThrownBy(() -> feed.head("key"))
          .isInstanceOf(AssertionError.class)
          .hasMessage("head: none (expected: one)");
    }
  }

  @Test
  void failure_ofWhatSucceeds_isAnAssertionError() {
    try (var feed = cache.follow()) {
      var heads = feed.sendHeads("key");
      assertThatThrownBy(() -> FeedProbe.failure(heads))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("expected: a failure");
    }
  }

  @Test
  void closed_whatIsAskedIsAnAssertionError() {
    var feed = cache.follow();
    feed.close();

    assertThatThrownBy(() -> feed.heads("key")).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> feed.barriers(0)).isInstanceOf(AssertionError.class);
  }

  @Test
  void follow_backendWithoutAFeed_isAnAssertionError() {
    var store = new BackendProbe(Backends.inMemoryStore(1 << 20, time), "k", time);

    assertThatThrownBy(store::follow)
        .isInstanceOf(AssertionError.class)
        .hasMessage("feed: none (expected: one)");
  }

  private void put(String key) {
    cache.put(key, EncodedEntry.plain(new byte[1]), Condition.ALWAYS);
  }
}
