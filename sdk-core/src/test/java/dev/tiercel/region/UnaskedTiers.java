package dev.tiercel.region;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.Tier;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.coherence.Groups;
import dev.tiercel.tier.Tiers;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Tiers that nobody asks: a test tells what they answered. */
final class UnaskedTiers implements Tiers {

  @Override
  public String name() {
    return "unasked";
  }

  @Override
  public String region() {
    return "";
  }

  @Override
  public CompletableFuture<ReadResult> read(
      ReadRequest request, CallContext context, Deadline patience, Early early) {
    throw asked();
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    throw asked();
  }

  @Override
  public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    throw asked();
  }

  @Override
  public CompletableFuture<ReadOutcome> look(Tier tier, String key, CallContext context) {
    throw asked();
  }

  @Override
  public void tell(Mutation.Forget forget) {
    throw asked();
  }

  @Override
  public Groups groups() {
    throw asked();
  }

  @Override
  public void hear(List<Mutation> news) {
    throw new AssertionError("hear: called (expected: not to be)");
  }

  @Override
  public CompletableFuture<ReadOutcome> readBeyond(String key, long floor, CallContext context) {
    throw new AssertionError("readBeyond: called (expected: not to be)");
  }

  @Override
  public boolean isSettledBySource() {
    return true;
  }

  @Override
  public int untold() {
    return 0;
  }

  @Override
  public Duration loadTime() {
    throw asked();
  }

  @Override
  public Capabilities capabilities() {
    throw asked();
  }

  @Override
  public void close() {}

  private static UnsupportedOperationException asked() {
    return new UnsupportedOperationException("tiers: asked (expected: not asked)");
  }
}
