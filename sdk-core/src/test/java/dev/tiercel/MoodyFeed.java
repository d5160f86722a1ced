package dev.tiercel;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.Feed;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.time.Deadline;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A remote tier whose feed is connected but does not answer what it is asked. */
final class MoodyFeed extends ForwardingBackend {

  private final Backend behind;
  boolean fails = true;
  boolean failsHeads;
  int asked;

  MoodyFeed(Backend behind) {
    super(behind);
    this.behind = behind;
  }

  @Override
  public Optional<Feed> feed() {
    return behind
        .feed()
        .map(feed -> (keyspace, follower) -> moody(feed.follow(keyspace, follower)));
  }

  private Feed.Subscription moody(Feed.Subscription subscription) {
    return new Feed.Subscription() {
      @Override
      public CompletableFuture<List<Optional<Feed.Head>>> heads(
          List<String> keys, Deadline deadline) {
        return failsHeads
            ? CompletableFuture.failedFuture(Rig.down())
            : subscription.heads(keys, deadline);
      }

      @Override
      public CompletableFuture<Barriers> barriers(long seen, Deadline deadline) {
        asked++;
        return fails
            ? CompletableFuture.failedFuture(Rig.down())
            : subscription.barriers(seen, deadline);
      }

      @Override
      public void close() {
        subscription.close();
      }
    };
  }
}
