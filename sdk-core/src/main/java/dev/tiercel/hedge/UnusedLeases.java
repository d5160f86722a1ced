package dev.tiercel.hedge;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases granted to an attempt whose answer came too late for its caller: nobody will fill under
 * them, and others would wait for that until they lapse, so they are given back.
 */
final class UnusedLeases {

  private static final Logger LOG = LoggerFactory.getLogger(UnusedLeases.class);

  /** They lapse by themselves soon after. */
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private UnusedLeases() {}

  /**
   * The releases of what a caller did not get.
   *
   * @param board what the caller gets, or has got
   */
  static List<Mutation> of(ReadRequest request, Leg leg, ReadResult result, Board board) {
    if (request.lease().isZero() || !leg.whole()) {
      return List.of();
    }
    var releases = new ArrayList<Mutation>();
    for (var index = 0; index < result.outcomes().size(); index++) {
      var position = leg.position(index);
      if (result.outcomes().get(index) instanceof ReadOutcome.Absent absent
          && absent.lease().granted()
          && !board.holds(position, absent)) {
        releases.add(new Mutation.Release(
            request.keys().get(position), new Condition.IfLease(absent.lease().token())));
      }
    }
    return releases;
  }

  /** Sends releases to the main endpoint; nobody waits for it. */
  static void giveBack(Course course, String keyspace, List<Mutation> releases) {
    if (releases.isEmpty()) {
      return;
    }
    var context = CallContext.of(Deadline.after(TIMEOUT, course.time()));
    var sent = TimedWrite.run(course, new WriteRequest(keyspace, releases), context);
    Completions.onEnd(sent, (result, failure) -> {
      if (failure != null) {
        LOG.debug("leases: not given back, they lapse", failure);
      }
    });
  }
}
