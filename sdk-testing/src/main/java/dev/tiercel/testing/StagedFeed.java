package dev.tiercel.testing;

import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.Feed;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A feed in front of another, as if a connection lay between: it can be cut, restored and held, and
 * what is told and answered keeps its order.
 */
final class StagedFeed implements Feed {

  private final Feed behind;
  private final ActionLine line = new ActionLine();
  private final List<Following> followings = new CopyOnWriteArrayList<>();
  private final Set<CompletableFuture<?>> asked = ConcurrentHashMap.newKeySet();
  private final List<String> headsRead = new CopyOnWriteArrayList<>();
  private volatile boolean cut;

  StagedFeed(Feed behind) {
    this.behind = behind;
  }

  @Override
  public Subscription follow(String keyspace, Follower follower) {
    var following = new Following(follower);
    followings.add(following);
    return following.through(behind.follow(keyspace, following));
  }

  /** See {@link StagedBackend#cutFeed}. */
  void cut() {
    if (cut) {
      return;
    }
    cut = true;
    line.lose();
    followings.forEach(following -> following.tell(Follower::interrupted));
    asked.forEach(StagedFeed::fail);
  }

  /** See {@link StagedBackend#restoreFeed}. */
  void restore() {
    if (!cut) {
      return;
    }
    cut = false;
    followings.stream()
        .filter(following -> following.connected)
        .forEach(following -> following.tell(Follower::connected));
  }

  /** See {@link StagedBackend#holdFeed}. */
  void hold() {
    line.hold();
  }

  /** See {@link StagedBackend#releaseFeed}. */
  void release() {
    line.release();
  }

  /** See {@link StagedBackend#headsRead}. */
  List<String> headsRead() {
    return new ArrayList<>(headsRead);
  }

  private static void fail(CompletableFuture<?> answer) {
    answer.completeExceptionally(
        new Unavailable("feed: cut (expected: connected)", Where.at("staged", ""), null));
  }

  /** Hears what the feed behind tells. */
  private final class Following implements Follower {

    private final Follower follower;
    private volatile boolean connected;
    private volatile boolean closed;

    Following(Follower follower) {
      this.follower = follower;
    }

    @Override
    public void connected() {
      connected = true;
      pass(Follower::connected);
    }

    @Override
    public void interrupted() {
      connected = false;
      pass(Follower::interrupted);
    }

    @Override
    public void changed(String key) {
      pass(to -> to.changed(key));
    }

    @Override
    public void released(String key) {
      pass(to -> to.released(key));
    }

    @Override
    public void groupsChanged() {
      pass(Follower::groupsChanged);
    }

    private void pass(Consumer<Follower> news) {
      if (!cut) {
        tell(news);
      }
    }

    void tell(Consumer<Follower> news) {
      line.add(() -> {
        if (!closed) {
          news.accept(follower);
        }
      });
    }

    Subscription through(Subscription subscription) {
      return new Subscription() {
        @Override
        public CompletableFuture<List<Optional<Head>>> heads(List<String> keys, Deadline deadline) {
          headsRead.addAll(keys);
          return answer(subscription.heads(keys, deadline));
        }

        @Override
        public CompletableFuture<Barriers> barriers(long seen, Deadline deadline) {
          return answer(subscription.barriers(seen, deadline));
        }

        @Override
        public void close() {
          closed = true;
          followings.remove(Following.this);
          subscription.close();
        }
      };
    }
  }

  /** An answer comes in line with what is told, and is lost with it. */
  @SuppressWarnings("UndefinedEquals") // answers are told apart by identity
  private <T> CompletableFuture<T> answer(CompletableFuture<T> behind) {
    var answer = new CompletableFuture<T>();
    asked.add(answer);
    if (cut) {
      fail(answer);
    }
    Completions.passCancel(answer, behind);
    Completions.onEnd(answer, (result, failure) -> asked.remove(answer));
    Completions.onEnd(
        behind, (result, failure) -> line.add(() -> Completions.end(answer, result, failure)));
    return answer;
  }
}
