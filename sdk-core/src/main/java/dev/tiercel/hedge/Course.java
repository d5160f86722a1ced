package dev.tiercel.hedge;

import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.budget.AttemptBudget;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.Where;
import dev.tiercel.health.Delays;
import dev.tiercel.health.Silence;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.List;

/** What all calls of a {@link HedgedBackend} have in common. Thread-safe. */
record Course(
    Routes routes,
    Delays delays,
    int maxHedges,
    Silence silence,
    Floors floors,
    AttemptBudget budget,
    ServingListener listener,
    Time time,
    Where where) {

  DeadlineExceeded late(Deadline deadline, int attempts) {
    return new DeadlineExceeded(
        "deadline: passed before an answer", place(deadline, attempts), null);
  }

  OutcomeUnknown unacknowledged(Deadline deadline) {
    return new OutcomeUnknown(
        "deadline: passed before the write was acknowledged", place(deadline, 1), null);
  }

  private Where place(Deadline deadline, int attempts) {
    return new Where(where.backend(), where.region(), "", deadline.elapsed(), attempts);
  }

  /** A caller is about to hear of these. */
  void noteRead(ReadRequest request, List<ReadOutcome> outcomes) {
    if (routes.hasReplicas()) {
      for (var position = 0; position < outcomes.size(); position++) {
        noteRead(request, position, outcomes.get(position));
      }
    }
  }

  /** A caller is about to hear of this. */
  void noteRead(ReadRequest request, int position, ReadOutcome outcome) {
    if (routes.hasReplicas() && !(outcome instanceof ReadOutcome.Failed)) {
      floors.note(request.keyspace(), request.keys().get(position), outcome.version());
    }
  }

  /** A caller is about to hear of this. */
  void noteWrite(WriteRequest request, WriteResult result) {
    if (routes.hasReplicas()) {
      for (var position = 0; position < request.mutations().size(); position++) {
        noteWrite(
            request.keyspace(),
            request.mutations().get(position),
            result.outcomes().get(position));
      }
    }
  }

  /** Nobody knows what has become of these. */
  void noteUnknown(WriteRequest request) {
    if (routes.hasReplicas()) {
      request.mutations().forEach(mutation -> noteUnknown(request.keyspace(), mutation));
    }
  }

  private void noteWrite(String keyspace, Mutation mutation, WriteOutcome outcome) {
    if (outcome instanceof WriteOutcome.Failed failed) {
      if (failed.cause() instanceof OutcomeUnknown) {
        noteUnknown(keyspace, mutation);
      }
    } else if (mutation instanceof Mutation.Barrier || mutation instanceof Mutation.Forget) {
      noteUnknown(keyspace, mutation);
    } else if (mutation instanceof Mutation.Mark mark) {
      // No copy of its own, but from now on nothing older may be taken from a replica.
      floors.note(keyspace, mark.key(), mark.version());
    } else if (outcome instanceof WriteOutcome.Stored stored
        && (mutation instanceof Mutation.Put || mutation instanceof Mutation.Fill)) {
      floors.note(keyspace, mutation.key(), stored.version());
    } else if (outcome instanceof WriteOutcome.Rejected rejected && rejected.storedVersion() > 0) {
      floors.note(keyspace, mutation.key(), rejected.storedVersion());
    }
  }

  private void noteUnknown(String keyspace, Mutation mutation) {
    if (mutation instanceof Mutation.Barrier) {
      floors.noteAll();
    } else {
      floors.note(keyspace, mutation.key(), Floors.NO_REPLICA);
    }
  }

  /** Whether an answer that was not asked for as the caller did is as fresh as the caller wants. */
  boolean isFresh(ReadRequest request, EncodedEntry entry) {
    var freshness = request.freshness();
    var age = Math.max(0, time.millis() - entry.createdAtMillis());
    return entry.version() >= freshness.atLeast()
        && entry.barrier() >= request.barriers().of(Barriers.ALL)
        && freshness.maxAge().compareTo(Duration.ofMillis(age)) >= 0;
  }
}
