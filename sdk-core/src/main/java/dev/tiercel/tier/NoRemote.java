package dev.tiercel.tier;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.Tier;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import java.util.Collections;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;

/** A remote tier that never holds anything: what stands in the path when a keyspace has none. */
public final class NoRemote implements Backend {

  private static final ReadOutcome ABSENT = ReadOutcome.Absent.unknown(new Origin(Tier.REMOTE, ""));

  @Override
  public String name() {
    return "none";
  }

  @Override
  public String region() {
    return "";
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(
        Integer.MAX_VALUE,
        Integer.MAX_VALUE,
        Integer.MAX_VALUE,
        Integer.MAX_VALUE,
        EnumSet.allOf(Feature.class));
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    return CompletableFuture.completedFuture(
        new ReadResult(Collections.nCopies(request.keys().size(), ABSENT)));
  }

  @Override
  public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    return CompletableFuture.completedFuture(new WriteResult(
        Collections.nCopies(request.mutations().size(), new WriteOutcome.Stored(0))));
  }

  @Override
  public void close() {}
}
