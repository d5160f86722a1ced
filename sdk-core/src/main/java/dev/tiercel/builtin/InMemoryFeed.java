package dev.tiercel.builtin;

import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.Feed;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Time;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Tells of changes on the thread that made them, after they were made; while another thread is
 * telling, that one tells of them. It is never interrupted. Answers are given in line with what is
 * told.
 */
final class InMemoryFeed implements Feed {

  private final Map<InMemoryBackend.Path, Cell> cells;
  private final BarrierBook barriers;
  private final Time time;
  private final Where where;
  private final SerialExecutor line = new SerialExecutor();
  private final List<Following> followings = new CopyOnWriteArrayList<>();
  private volatile boolean open = true;

  InMemoryFeed(
      Map<InMemoryBackend.Path, Cell> cells, BarrierBook barriers, Time time, Where where) {
    this.cells = cells;
    this.barriers = barriers;
    this.time = time;
    this.where = where;
  }

  @Override
  public Subscription follow(String keyspace, Follower follower) {
    var following = new Following(keyspace, follower);
    // Here before it is connected: whoever changes something then finds it, and tells it in line.
    followings.add(following);
    if (!open) {
      following.close();
    }
    line.execute(following::connect);
    return following;
  }

  /** A key has been changed. */
  void changed(String keyspace, String key) {
    tell(keyspace, follower -> follower.changed(key));
  }

  /** A lease has been given back. */
  void released(String keyspace, String key) {
    tell(keyspace, follower -> follower.released(key));
  }

  /** A barrier has been raised. */
  void groupsChanged(String keyspace) {
    tell(keyspace, Follower::groupsChanged);
  }

  private void tell(String keyspace, Consumer<Follower> news) {
    for (var following : followings) {
      if (following.keyspace.equals(keyspace)) {
        line.execute(() -> following.hear(news));
      }
    }
  }

  /** Tells nothing more. */
  void close() {
    open = false;
    followings.forEach(Following::close);
  }

  private final class Following implements Subscription {

    private final String keyspace;
    private final Follower follower;
    private volatile boolean connected;
    private volatile boolean closed;

    Following(String keyspace, Follower follower) {
      this.keyspace = keyspace;
      this.follower = follower;
    }

    void connect() {
      connected = true;
      hear(Follower::connected);
    }

    void hear(Consumer<Follower> news) {
      if (connected && !closed) {
        news.accept(follower);
      }
    }

    @Override
    public CompletableFuture<List<Optional<Head>>> heads(List<String> keys, Deadline deadline) {
      return answer(() -> keys.stream().map(this::head).toList());
    }

    private Optional<Head> head(String key) {
      return Optional.ofNullable(cells.get(new InMemoryBackend.Path(keyspace, key)))
          .map(cell -> cell.alive(time.millis()))
          .map(entry -> new Head(entry.version(), entry.createdAtMillis()));
    }

    @Override
    public CompletableFuture<Barriers> barriers(long seen, Deadline deadline) {
      return answer(() -> barriers.since(keyspace, seen));
    }

    /** Looks in line: what was told before is in the answer. */
    private <T> CompletableFuture<T> answer(Supplier<T> look) {
      var answer = new CompletableFuture<T>();
      line.execute(() -> {
        if (closed) {
          answer.completeExceptionally(
              new Unavailable("feed: closed (expected: open)", where, null));
        } else {
          answer.complete(look.get());
        }
      });
      return answer;
    }

    @Override
    public void close() {
      closed = true;
      followings.remove(this);
    }
  }
}
