package dev.tiercel.guard;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.error.ServingException;
import org.jspecify.annotations.Nullable;

/** A read that was let through. */
final class GuardedRead extends GuardedCall<ReadResult> {

  GuardedRead(Guard guard, CallContext context, int keys, int ticket, long startNanos) {
    super(guard, context, keys, ticket, startNanos);
  }

  @Override
  boolean isWrite() {
    return false;
  }

  @Override
  int size(ReadResult answer) {
    return answer.outcomes().size();
  }

  @Override
  @Nullable
  ServingException failure(ReadResult answer, int index) {
    return answer.outcomes().get(index) instanceof ReadOutcome.Failed failed
        ? failed.cause()
        : null;
  }

  @Override
  ReadResult failed(ServingException cause) {
    return ReadResult.failed(keys, cause);
  }
}
