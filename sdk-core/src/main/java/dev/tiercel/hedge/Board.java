package dev.tiercel.hedge;

import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.error.KeyFailures;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Unavailable;
import java.util.ArrayList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What the legs of a {@link Race} have brought so far, key by key. Not thread-safe. */
final class Board {

  private final Course course;
  private final ReadRequest request;
  private final @Nullable ReadOutcome[] outcomes;
  private @Nullable KeyFailures failures;
  private Barriers barriers = Barriers.NONE;
  private int open;

  Board(Course course, ReadRequest request) {
    this.course = course;
    this.request = request;
    this.open = request.keys().size();
    this.outcomes = new ReadOutcome[open];
  }

  /** How many keys have an outcome that is no failure. */
  static int answers(ReadResult result) {
    var answers = 0;
    for (var outcome : result.outcomes()) {
      answers += outcome instanceof ReadOutcome.Failed ? 0 : 1;
    }
    return answers;
  }

  /** Whether every key has its outcome. */
  boolean isSettled() {
    return open == 0;
  }

  /** A leg has answered: the first acceptable outcome of a key is the caller's. Tells how many. */
  int take(Leg leg, ReadResult result) {
    var learnt = result.barriers();
    // How far a replica has heard of barriers says nothing about the main endpoint.
    barriers = barriers.and(leg.route().isReplica() ? new Barriers(0, learnt.byGroup()) : learnt);
    var won = 0;
    for (var index = 0; index < result.outcomes().size(); index++) {
      won += take(leg, leg.position(index), result.outcomes().get(index)) ? 1 : 0;
    }
    open -= won;
    return won;
  }

  private boolean take(Leg leg, int position, ReadOutcome outcome) {
    if (outcomes[position] != null) {
      return false;
    }
    if (leg.accepts(course, request, position, outcome)) {
      outcomes[position] = leg.labelled(outcome);
      course.noteRead(request, position, outcome);
      return true;
    }
    if (outcome instanceof ReadOutcome.Failed failed) {
      failures().add(position, failed.cause());
    }
    return false;
  }

  /** Whether a key has this very outcome. */
  @SuppressWarnings("ReferenceEquality") // another answer may be equal
  boolean holds(int position, ReadOutcome outcome) {
    return outcomes[position] == outcome;
  }

  /** A leg has failed as a whole. */
  void fail(Leg leg, ServingException failure) {
    for (var index = 0; index < leg.count(outcomes.length); index++) {
      failures().add(leg.position(index), failure);
    }
  }

  /** The keys without an outcome. */
  int[] open() {
    return open(false);
  }

  /** The keys without an outcome whose failure may not be another endpoint's. */
  int[] openAndRetryable() {
    return open(true);
  }

  private int[] open(boolean retryable) {
    var positions = new int[open];
    var count = 0;
    for (var position = 0; position < outcomes.length; position++) {
      if (outcomes[position] == null && (!retryable || isRetryable(position))) {
        positions[count++] = position;
      }
    }
    return count == positions.length ? positions : Arrays.copyOf(positions, count);
  }

  private boolean isRetryable(int position) {
    var failure = failures().of(position);
    return failure != null && failure.retryable();
  }

  /**
   * All outcomes, once nothing more is taken.
   *
   * @param late why what is still open has ended; null if all legs have
   */
  ReadResult result(@Nullable ServingException late) {
    var all = new ArrayList<ReadOutcome>(outcomes.length);
    for (var position = 0; position < outcomes.length; position++) {
      var outcome = outcomes[position];
      all.add(outcome == null ? new ReadOutcome.Failed(failure(position, late)) : outcome);
    }
    return new ReadResult(all, barriers);
  }

  private ServingException failure(int position, @Nullable ServingException late) {
    var failure = failures().of(position);
    if (late != null) {
      // What has not ended at all would have been waited for.
      return failure == null ? late : KeyFailures.with(late, failure);
    }
    return failure == null
        ? new Unavailable("answers: none (expected: one)", course.where(), null)
        : failure;
  }

  private KeyFailures failures() {
    var known = failures;
    if (known == null) {
      known = new KeyFailures(outcomes.length);
      failures = known;
    }
    return known;
  }
}
