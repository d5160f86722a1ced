package dev.tiercel.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Feed;
import dev.tiercel.testing.BackendProbe;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.testing.FeedProbe;
import dev.tiercel.testing.FeedProbe.Kind;
import dev.tiercel.testing.FeedProbe.Told;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class InMemoryFeedTest {

  private static final Duration LEASE = Duration.ofSeconds(5);

  private final FakeTime time = new FakeTime();
  private final Backend backend = Backends.inMemoryCache(1 << 20, time);
  private final BackendProbe cache = new BackendProbe(backend, "k", time);

  @Test
  void store_hasNoFeed() {
    assertThat(Backends.inMemoryStore(1 << 20, time).feed()).isEmpty();
  }

  @Test
  void change_isToldOnceBeforeTheWriteReturns_afterItWasMade() {
    var seen = new ArrayList<Object>();
    follow(new Listener() {
      @Override
      public void changed(String key) {
        seen.add(cache.found(key).version());
      }
    });

    put(cache, "key", 1);
    assertThat(seen).containsExactly(1L);
    put(cache, "key", 2);
    assertThat(seen).containsExactly(1L, 2L);
  }

  @Test
  void mutation_thatChangesNothing_isNotTold() {
    put(cache, "key", 5);
    var token = cache.lease("leased", LEASE).token();
    try (var feed = cache.follow()) {
      cache.put("key", entry(4), Condition.IF_NEWER);
      cache.fill("leased", entry(4), token + 1);
      cache.release("leased", token + 1);
      cache.renew("leased", token, LEASE);
      cache.read("key");

      assertThat(feed.told()).isEmpty();
    }
  }

  @Test
  void release_isToldAsARelease() {
    var told = new ArrayList<String>();
    follow(new Listener() {
      @Override
      public void changed(String key) {
        told.add("changed " + key);
      }

      @Override
      public void released(String key) {
        told.add("released " + key);
      }
    });
    cache.release("key", cache.lease("key", LEASE).token());
    put(cache, "key", 1);

    assertThat(told).containsExactly("released key", "changed key");
  }

  @Test
  void follower_thatWritesByItself_isToldInOrder() {
    var told = new ArrayList<String>();
    follow(new Listener() {
      @Override
      public void changed(String key) {
        told.add(key);
        if (key.length() < 3) {
          put(cache, key + "a", 1);
          put(cache, key + "b", 1);
          told.add(key + " left");
        }
      }
    });

    put(cache, "k", 1);

    assertThat(told).startsWith("k", "k left", "ka", "ka left", "kb", "kb left", "kaa");
    assertThat(told)
        .containsExactly(
            "k", "k left", "ka", "ka left", "kb", "kb left", "kaa", "kab", "kba", "kbb");
  }

  @Test
  void heads_askedByAFollower_areAsOfTheirTurn() {
    var answer = new AtomicReference<CompletableFuture<Long>>();
    var subscription = new AtomicReference<Feed.Subscription>();
    subscription.set(follow(new Listener() {
      @Override
      public void changed(String key) {
        if (answer.get() == null) {
          answer.set(subscription
              .get()
              .heads(List.of(key), Deadline.after(LEASE, time))
              .thenApply(heads -> heads.get(0).orElseThrow().version()));
          // Made before the answer's turn, told after it.
          put(cache, key, 2);
        }
      }
    }));

    put(cache, "key", 1);

    assertThat(answer.get()).isCompletedWithValue(2L);
  }

  @Test
  void follower_thatThrows_harmsNoOther() {
    follow(new Listener() {
      @Override
      public void changed(String key) {
        throw new IllegalStateException("thrown by the test");
      }
    });
    try (var feed = cache.follow()) {
      put(cache, "key", 1);

      assertThat(feed.told()).containsExactly(Told.changed("key"));
    }
  }

  @Test
  void follow_isConnectedAtOnce_andToldNothingOfBefore() {
    put(cache, "key", 1);
    try (var feed = FeedProbe.follow(backend.feed().orElseThrow(), "k", time)) {
      assertThat(feed.told()).containsExactly(Told.of(Kind.CONNECTED));
    }
  }

  @Test
  void backendClosed_followersHearNothingMore_norDoLateOnes() {
    var feed = cache.follow();
    backend.close();
    var late = FeedProbe.follow(backend.feed().orElseThrow(), "k", time);

    assertThat(feed.told()).isEmpty();
    assertThat(late.told()).isEmpty();
    FeedProbe.failure(late.sendHeads("key"));
  }

  private Feed.Subscription follow(Feed.Follower follower) {
    return backend.feed().orElseThrow().follow("k", follower);
  }

  private static void put(BackendProbe cache, String key, long version) {
    cache.put(key, entry(version), Condition.ALWAYS);
  }

  private static EncodedEntry entry(long version) {
    return EncodedEntry.plain(new byte[1]).withVersion(version);
  }

  /** Hears of everything and does nothing. */
  private abstract static class Listener implements Feed.Follower {
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
