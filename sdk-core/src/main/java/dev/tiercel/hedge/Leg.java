package dev.tiercel.hedge;

import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.time.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint's part in a {@link Race}: what it was asked for, and which of its answers will do.
 *
 * @param race who hears of its end
 * @param route which endpoint
 * @param extra whether it is an attempt beyond the first
 * @param whole whether it is asked, at the main endpoint, for all that the caller asked for; else
 *     it is asked without a lease, and only a value will do
 * @param positions which keys of the request; null for all
 * @param sentNanos when it was asked, or a little before
 * @param answer its own future
 */
record Leg(
    Race race,
    Route route,
    boolean extra,
    boolean whole,
    int @Nullable [] positions,
    long sentNanos,
    CompletableFuture<ReadResult> answer)
    implements BiConsumer<@Nullable ReadResult, @Nullable Throwable> {

  /** What an endpoint is asked, of what a caller asked. */
  static ReadRequest request(ReadRequest asked, int @Nullable [] positions, boolean whole) {
    var request = positions == null || positions.length == asked.keys().size()
        ? asked
        : asked.withKeys(keys(asked, positions));
    return whole || request.lease().isZero() ? request : request.withLease(Duration.ZERO);
  }

  private static ArrayList<String> keys(ReadRequest asked, int[] positions) {
    var keys = new ArrayList<String>(positions.length);
    for (var position : positions) {
      keys.add(asked.keys().get(position));
    }
    return keys;
  }

  @Override
  public void accept(@Nullable ReadResult result, @Nullable Throwable failure) {
    race.arrived(this, result, failure);
  }

  /** How many keys it was asked for, of a request of so many. */
  int count(int all) {
    return positions == null ? all : positions.length;
  }

  /** Where in the request its so-manieth key stands. */
  int position(int index) {
    return positions == null ? index : positions[index];
  }

  /** Whether an outcome can be handed to the caller. */
  boolean accepts(Course course, ReadRequest asked, int position, ReadOutcome outcome) {
    if (outcome instanceof ReadOutcome.Failed) {
      return false;
    }
    return whole
        || (outcome instanceof ReadOutcome.Found found
            && course.isFresh(asked, found.entry())
            && (!route.isReplica() || isNoStepBack(course, asked, position, found)));
  }

  private boolean isNoStepBack(
      Course course, ReadRequest asked, int position, ReadOutcome.Found found) {
    var key = asked.keys().get(position);
    var since = sentNanos - Durations.nanos(route.maxLag());
    return course.floors().admit(asked.keyspace(), key, found.entry().version(), since);
  }

  /** The outcome as the caller shall see it. */
  ReadOutcome labelled(ReadOutcome outcome) {
    return route.isReplica() && outcome instanceof ReadOutcome.Found found
        ? new ReadOutcome.Found(found.entry(), found.origin().ofReplica())
        : outcome;
  }
}
