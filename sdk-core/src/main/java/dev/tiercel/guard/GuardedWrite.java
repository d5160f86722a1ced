package dev.tiercel.guard;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.error.ServingException;
import org.jspecify.annotations.Nullable;

/** A write that was let through. */
final class GuardedWrite extends GuardedCall<WriteResult> {

  GuardedWrite(Guard guard, CallContext context, int keys, int ticket, long startNanos) {
    super(guard, context, keys, ticket, startNanos);
  }

  @Override
  boolean isWrite() {
    return true;
  }

  @Override
  int size(WriteResult answer) {
    return answer.outcomes().size();
  }

  @Override
  @Nullable
  ServingException failure(WriteResult answer, int index) {
    return answer.outcomes().get(index) instanceof WriteOutcome.Failed failed
        ? failed.cause()
        : null;
  }

  @Override
  WriteResult failed(ServingException cause) {
    return WriteResult.failed(keys, cause);
  }
}
