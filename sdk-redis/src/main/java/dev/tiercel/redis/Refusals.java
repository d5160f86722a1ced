package dev.tiercel.redis;

import dev.tiercel.backend.Completions;
import dev.tiercel.time.Time;
import dev.tiercel.time.Time.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The keyspaces of a feed that Redis refuses to tell of. Each is left out until its own time to be
 * asked for again has come, so that the others go on hearing.
 *
 * <p>On the feed's thread alone.
 */
@SuppressWarnings("ReferenceEquality") // rounds are told apart by identity
final class Refusals {

  private final RedisFeed feed;
  private final FeedOptions options;
  private final Attempts attempts;
  private final Time time;
  private final RandomGenerator random;
  private final Map<String, Round> rounds = new HashMap<>();

  Refusals(
      RedisFeed feed, FeedOptions options, Attempts attempts, Time time, RandomGenerator random) {
    this.feed = feed;
    this.options = options;
    this.attempts = attempts;
    this.time = time;
    this.random = random;
  }

  /** One time of waiting and asking. */
  private final class Round {
    private final String keyspace;
    private @Nullable Timer timer;

    Round(String keyspace) {
      this.keyspace = keyspace;
    }

    private void begin() {
      var wait = Duration.ofNanos(Attempts.REFUSED.nanosAfter(1, random));
      timer = time.schedule(wait, () -> feed.run(this::over));
    }

    private void over() {
      if (rounds.get(keyspace) != this) {
        return;
      }
      if (!feed.isFollowed(keyspace)) {
        rounds.remove(keyspace);
      } else if (feed.isPublished()) {
        probe();
      } else {
        end(true);
      }
    }

    /**
     * A refused subscription spoils its connection, so it is tried on one that is nobody else's.
     */
    private void probe() {
      Completions.onEnd(attempts.open(), (link, failure) -> {
        if (link == null) {
          feed.run(() -> end(false));
          return;
        }
        var call = link.send(List.of(FeedCommands.subscribe(keyspace))).get(0);
        var limit = time.schedule(options.silence(), () -> call.cancel(true));
        Completions.onEnd(call.toCompletableFuture(), (reply, refusal) -> {
          limit.cancel();
          Completions.onEnd(link.close(), (done, ignored) -> {});
          feed.run(() -> end(refusal == null));
        });
      });
    }

    private void end(boolean isAllowed) {
      if (rounds.remove(keyspace, this)) {
        if (isAllowed) {
          feed.retry(keyspace);
        } else {
          add(keyspace);
        }
      }
    }
  }

  /** Leaves a keyspace out, for a while. */
  void add(String keyspace) {
    var round = new Round(keyspace);
    if (rounds.putIfAbsent(keyspace, round) == null) {
      round.begin();
    }
  }

  boolean contains(String keyspace) {
    return rounds.containsKey(keyspace);
  }

  /** Forgets all of them. */
  void clear() {
    rounds.values().forEach(round -> {
      if (round.timer != null) {
        round.timer.cancel();
      }
    });
    rounds.clear();
  }
}
