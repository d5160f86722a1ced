package dev.tiercel.region;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.Tier;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.coherence.Groups;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.health.Endpoint;
import dev.tiercel.health.EndpointState;
import dev.tiercel.health.Vitals;
import dev.tiercel.tier.Tiers;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A region whose every call waits for its answer until a test gives it. */
final class FakeRegion implements Tiers, Vitals {

  /** A read on its way. */
  record Read(
      ReadRequest request,
      CallContext context,
      Deadline patience,
      Early early,
      CompletableFuture<ReadResult> answer) {

    /** One key is known. */
    void tell(int index, ReadOutcome outcome) {
      early.outcome(index, outcome);
    }

    /** All keys are known. */
    void answer(ReadOutcome... outcomes) {
      for (var index = 0; index < outcomes.length; index++) {
        early.outcome(index, outcomes[index]);
      }
      end(outcomes);
    }

    /** The end, after all keys were told. */
    void end(ReadOutcome... outcomes) {
      answer.complete(new ReadResult(List.of(outcomes)));
    }

    void found(long version) {
      answer(request.keys().stream()
          .map(key -> FakeRegion.found(version))
          .toArray(ReadOutcome[]::new));
    }

    void fails(ServingException cause) {
      answer(request.keys().stream()
          .map(key -> new ReadOutcome.Failed(cause))
          .toArray(ReadOutcome[]::new));
    }
  }

  /** A look on its way. */
  record Look(Tier tier, String key, CompletableFuture<ReadOutcome> answer) {}

  final List<Read> reads = Collections.synchronizedList(new ArrayList<>());
  final List<Look> looks = new ArrayList<>();
  final FakeHealth health = new FakeHealth();
  boolean closed;
  boolean ignoresCancel;

  /** What each read is answered with before it returns; null to hold it. */
  @Nullable
  ReadOutcome atOnce;

  /** Hears of each read; does nothing by default. */
  Consumer<Read> onRead = read -> {};

  /** Hears of each look; does nothing by default. */
  Consumer<Look> onLook = look -> {};

  private final String name;
  private final Set<Feature> features;

  FakeRegion(String name, Feature... features) {
    this.name = name;
    this.features = Set.of(features);
  }

  static ReadOutcome found(long version) {
    return new ReadOutcome.Found(
        new EncodedEntry(new byte[1], 0, 0, version, 0, 0, 0), Origin.source(""));
  }

  static ReadOutcome deleted(long version) {
    return ReadOutcome.Absent.deleted(EncodedEntry.tombstone(version, 0, 0), Origin.source(""));
  }

  static ReadOutcome absent() {
    return ReadOutcome.Absent.unknown(Origin.source(""));
  }

  static ReadOutcome failed(ServingException cause) {
    return new ReadOutcome.Failed(cause);
  }

  /** What a region says that was asked in vain. */
  Unavailable unavailable() {
    return new Unavailable(name + " is down", Where.at("fake", name), null);
  }

  /** What a region says without asking anybody. */
  Unavailable refusal() {
    return new Unavailable(
        name + " is not asked", new Where("fake", name, "", Duration.ZERO, 0), null);
  }

  Choice.Candidate candidate() {
    return new Choice.Candidate(new Region(name, this, List.of(this), List.of()), health);
  }

  Read read() {
    return reads.get(reads.size() - 1);
  }

  @Override
  public CompletableFuture<ReadResult> read(
      ReadRequest request, CallContext context, Deadline patience, Early early) {
    var answer = new CompletableFuture<ReadResult>() {
      @Override
      public boolean cancel(boolean mayInterruptIfRunning) {
        return !ignoresCancel && super.cancel(mayInterruptIfRunning);
      }
    };
    var read = new Read(request, context, patience, early, answer);
    reads.add(read);
    var outcome = atOnce;
    if (outcome != null) {
      read.answer(request.keys().stream().map(key -> outcome).toArray(ReadOutcome[]::new));
    }
    onRead.accept(read);
    return read.answer;
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    return read(request, context, context.deadline(), (index, outcome) -> {});
  }

  @Override
  public CompletableFuture<ReadOutcome> look(Tier tier, String key, CallContext context) {
    var look = new Look(tier, key, new CompletableFuture<>());
    looks.add(look);
    onLook.accept(look);
    return look.answer;
  }

  @Override
  public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void tell(Mutation.Forget forget) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Groups groups() {
    return new Groups(1);
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
    return Duration.ofMillis(name.charAt(0));
  }

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public String region() {
    return name;
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(100, name.charAt(0), 100, 100, features);
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public Endpoint endpoint() {
    return Endpoint.primary("fake", name);
  }

  @Override
  public EndpointState state() {
    return EndpointState.HEALTHY;
  }

  @Override
  public int inFlight() {
    return 0;
  }

  @Override
  public int limit() {
    return 1;
  }

  @Override
  public boolean takesMore() {
    return true;
  }
}
