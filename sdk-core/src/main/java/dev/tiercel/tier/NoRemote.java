package dev.tiercel.tier;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.Tier;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.coherence.Groups;
import java.util.Collections;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A remote tier that never holds anything but its one keyspace's barriers: what stands in the path
 * when a keyspace has none. Thread-safe.
 */
public final class NoRemote implements Backend {

  private static final ReadOutcome ABSENT = ReadOutcome.Absent.unknown(new Origin(Tier.REMOTE, ""));
  private static final int MAX_GROUPS = 10_000;

  private final Groups groups = new Groups(MAX_GROUPS);
  private final AtomicLong clock = new AtomicLong();

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
        EnumSet.complementOf(EnumSet.of(Feature.HEDGED_READS)));
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    var known = groups.barriers();
    return CompletableFuture.completedFuture(new ReadResult(
        Collections.nCopies(request.keys().size(), ABSENT),
        known.seen() > request.barriers().seen() ? known : Barriers.NONE));
  }

  @Override
  public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    return CompletableFuture.completedFuture(
        new WriteResult(request.mutations().stream().map(this::stored).toList()));
  }

  private WriteOutcome stored(Mutation mutation) {
    if (!(mutation instanceof Mutation.Barrier barrier)) {
      return new WriteOutcome.Stored(0);
    }
    var raised = clock.incrementAndGet();
    groups.learn(Barriers.of(barrier.group(), raised));
    return new WriteOutcome.Stored(raised);
  }

  @Override
  public void close() {}
}
