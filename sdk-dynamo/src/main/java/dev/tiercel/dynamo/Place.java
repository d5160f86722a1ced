package dev.tiercel.dynamo;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Origin;
import dev.tiercel.error.Where;
import dev.tiercel.time.Deadline;

/** Where a backend is, for its answers and its errors. */
record Place(String region) {

  static final String NAME = "dynamodb";

  Origin origin() {
    return Origin.source(region);
  }

  /** A call's place, with the time it has taken so far. */
  Where of(String keyspace, CallContext context) {
    Deadline deadline = context.deadline();
    return new Where(NAME, region, keyspace, deadline.elapsed(), context.attempt());
  }

  Where outsideOfCalls() {
    return Where.at(NAME, region);
  }
}
