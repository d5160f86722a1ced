package dev.tiercel.region;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import java.util.concurrent.CompletableFuture;

/** The writes of a keyspace over its regions. Thread-safe. */
interface Writes {

  /**
   * Applies mutations, see {@link dev.tiercel.tier.Tiers}.
   *
   * @param request what to write
   * @param context the deadline
   */
  CompletableFuture<WriteResult> write(WriteRequest request, CallContext context);

  /** Tells remote tiers to forget a copy, now or in their own time; no caller waits for it. */
  void tell(Mutation.Forget forget);
}
