package dev.tiercel.tier;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.Tier;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.coherence.Distrust;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Durations;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A remote tier in front of its source of record.
 *
 * <p>A read asks the remote tier, which leases what is missing to this reader, and then the source
 * for what is left; the fills go back under their leases. A write goes to the source first, and
 * only what the source acknowledged is stored in the remote tier. Every write that the remote tier
 * could not be told of is remembered, and its key is not read there until it has been told.
 *
 * <p>The path in full is in {@link TieredRead} and {@link TieredWrite}. Both tiers must be guarded:
 * their futures never complete exceptionally and end by the deadline. Thread-safe.
 */
public final class TieredBackend implements Backend {

  private static final int MAX_DOUBTS = 100_000;

  final Backend remote;
  final Backend source;
  final RemotePolicy policy;
  final ServingListener listener;
  final Time time;
  final Distrust distrust;
  final boolean versioned;
  private final Semaphore fallbackKeys;

  /**
   * Counts the writes to the remote tier on their way. They are bounded by its guard, which refuses
   * at once.
   */
  private final Semaphore background = new Semaphore(Integer.MAX_VALUE);

  /**
   * Puts a remote tier in front of a source.
   *
   * @param remote the shared cache; {@link NoRemote} for none
   * @param source the source of record
   * @param policy how the remote tier is used
   * @param listener hears of failures, repairs and refused fills
   * @param time the clock
   */
  public TieredBackend(
      Backend remote, Backend source, RemotePolicy policy, ServingListener listener, Time time) {
    this.remote = remote;
    this.source = source;
    this.policy = policy;
    this.listener = listener;
    this.time = time;
    this.distrust = new Distrust(time, MAX_DOUBTS, policy.ttl());
    this.versioned = source.capabilities().has(Feature.VERSIONS);
    this.fallbackKeys = new Semaphore(policy.maxFallbackKeys());
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public String region() {
    return source.region();
  }

  /** What the source can do: the remote tier in front of it adds nothing and takes nothing away. */
  @Override
  public Capabilities capabilities() {
    return source.capabilities();
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    return read(request, context, context.deadline(), (index, outcome) -> {});
  }

  /** Hears of the keys of a read whose outcome is known before that of others. */
  @FunctionalInterface
  public interface Early {
    /** The outcome of the key at an index of the request. Called at most once per key. */
    void outcome(int index, ReadOutcome outcome);
  }

  /**
   * The same read for callers who need not wait for its slowest key.
   *
   * @param request what to read
   * @param context the deadline of the read
   * @param patience the deadline of who began it, at or before the read's: the remote tier gets a
   *     part of the time until then, so that the source can still be asked
   * @param early hears of keys that the remote tier has answered while others still wait for the
   *     source; they are part of the result as well
   */
  public CompletableFuture<ReadResult> read(
      ReadRequest request, CallContext context, Deadline patience, Early early) {
    return new TieredRead(this, request, context, patience, early).run();
  }

  /**
   * Applies puts to the source and then to the remote tier;
   * {@link dev.tiercel.backend.Mutation.Forget} concerns the remote tier alone. The two are not
   * mixed in one request.
   */
  @Override
  public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    return new TieredWrite(this, request, context).run();
  }

  @Override
  public void close() {
    remote.close();
    source.close();
  }

  /**
   * One request to the remote tier: a part of what the call has left, so that the source can still
   * be asked.
   */
  CallContext remoteContext(CallContext context) {
    return remoteContext(context, context.deadline());
  }

  CallContext remoteContext(CallContext context, Deadline patience) {
    var half = patience.remaining().dividedBy(2);
    return context.within(half.compareTo(policy.timeout()) < 0 ? half : policy.timeout());
  }

  /**
   * What the remote tier keeps of an entry: until its own time to live or the entry's, whichever is
   * first.
   */
  EncodedEntry remoteCopy(EncodedEntry entry) {
    var expiry = entry.createdAtMillis() + Durations.millis(policy.ttl());
    var own = entry.expiryMillis();
    return entry.withTimes(entry.createdAtMillis(), 0, own == 0 ? expiry : Math.min(expiry, own));
  }

  /** Writes to the remote tier; whether or not a caller waits for it, {@link #drain} does. */
  CompletableFuture<WriteResult> writeRemote(WriteRequest request, CallContext context) {
    background.acquireUninterruptibly();
    var written = remote.write(request, context);
    Completions.onEnd(written, (result, failure) -> background.release());
    return written;
  }

  /** Sends fills and repairs, which no caller waits for. */
  void fillRemote(WriteRequest request) {
    var context = CallContext.of(Deadline.after(policy.timeout(), time));
    Completions.onEnd(writeRemote(request, context), (result, failure) -> {
      if (result != null) {
        result.outcomes().forEach(outcome -> report(request.keyspace(), outcome));
      }
    });
  }

  private void report(String keyspace, WriteOutcome outcome) {
    if (outcome instanceof WriteOutcome.Rejected) {
      listener.onFillRefused(keyspace, Tier.REMOTE);
    } else if (outcome instanceof WriteOutcome.Failed failed) {
      listener.onTierFailure(keyspace, Tier.REMOTE, failed.cause());
    }
  }

  /**
   * Waits until no write to the remote tier is on its way.
   *
   * @param timeout how long to wait at most
   * @return whether all have ended
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public boolean drain(Duration timeout) throws InterruptedException {
    if (!background.tryAcquire(Integer.MAX_VALUE, Durations.nanos(timeout), TimeUnit.NANOSECONDS)) {
      return false;
    }
    background.release(Integer.MAX_VALUE);
    return true;
  }

  boolean enterFallback() {
    return fallbackKeys.tryAcquire();
  }

  void leaveFallback(int keys) {
    fallbackKeys.release(keys);
  }

  /** Whether an entry's age, in wall-clock time, is within a bound. */
  boolean isYoungEnough(EncodedEntry entry, Duration maxAge) {
    var age = Math.max(0, time.millis() - entry.createdAtMillis());
    return maxAge.compareTo(Duration.ofMillis(age)) >= 0;
  }
}
