package dev.tiercel.tier;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Freshness;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.Tier;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.coherence.Awaited;
import dev.tiercel.coherence.Distrust;
import dev.tiercel.coherence.Groups;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Durations;
import dev.tiercel.time.Time;
import dev.tiercel.time.Version;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A remote tier in front of its source of record, for one keyspace.
 *
 * <p>A read asks the remote tier, which leases what is missing to this reader, and then the source
 * for what is left; the fills go back under their leases. Who finds a key leased to somebody else
 * waits until the feed tells of it. A write goes to the source first, and only what the source
 * acknowledged is stored in the remote tier. Every write that the remote tier could not be told of
 * is remembered and told again, and its key is not read there until it has been told.
 *
 * <p>The path in full is in {@link TieredRead}, {@link SourceLoad} and {@link TieredWrite}. Both
 * tiers must be guarded: their futures never complete exceptionally and end by the deadline.
 * Thread-safe.
 */
public final class TieredBackend implements Tiers {

  private static final int MAX_DOUBTS = 100_000;
  private static final int MAX_GROUPS = 10_000;

  final String keyspace;
  final Backend remote;
  final Backend source;
  final RemotePolicy policy;
  final TtlPolicy ttls;
  final ServingListener listener;
  final Time time;
  final RandomGenerator random;
  final Distrust distrust;
  final Groups groups = new Groups(MAX_GROUPS);
  final Awaited awaited = new Awaited();
  final LoadTime loadTime = new LoadTime();
  final boolean versioned;
  private final Retelling retelling = new Retelling(this);
  private final Semaphore fallbackKeys;
  private volatile boolean feedConnected;
  private volatile Consumer<Mutation> onChange = change -> {};

  /**
   * Counts the writes to the remote tier on their way. They are bounded by its guard, which refuses
   * at once.
   */
  private final Semaphore background = new Semaphore(Integer.MAX_VALUE);

  /**
   * Puts a remote tier in front of a source.
   *
   * @param keyspace the keyspace's name
   * @param remote the shared cache; {@link NoRemote} for none
   * @param source the source of record
   * @param policy how the remote tier is used
   * @param ttls how entries age
   * @param listener hears of failures, repairs and refused fills
   * @param random where the jitter comes from
   * @param time the clock
   */
  public TieredBackend(
      String keyspace,
      Backend remote,
      Backend source,
      RemotePolicy policy,
      TtlPolicy ttls,
      ServingListener listener,
      RandomGenerator random,
      Time time) {
    this.keyspace = keyspace;
    this.remote = remote;
    this.source = source;
    this.policy = policy;
    this.ttls = ttls;
    this.listener = listener;
    this.random = random;
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

  @Override
  public CompletableFuture<ReadResult> read(
      ReadRequest request, CallContext context, Deadline patience, Early early) {
    return new TieredRead(this, request, context, patience, early).run();
  }

  @Override
  public CompletableFuture<ReadOutcome> look(Tier tier, String key, CallContext context) {
    var any = new ReadRequest(keyspace, List.of(key), Freshness.ANY, Duration.ZERO);
    CompletableFuture<ReadResult> answer;
    if (tier == Tier.SOURCE) {
      listener.onSourceLoad(keyspace, 1);
      answer = source.read(any.withFreshness(Freshness.CONSISTENT), context);
    } else {
      answer = remote.read(any.withBarriers(groups.summary()), remoteContext(context));
    }
    return answer.thenApply(result -> {
      groups.learn(result.barriers());
      return result.outcomes().get(0);
    });
  }

  /** The source is asked, and its word stands. */
  @Override
  public CompletableFuture<ReadOutcome> readBeyond(String key, long floor, CallContext context) {
    var ask = new ReadRequest(keyspace, List.of(key), Freshness.CONSISTENT, Duration.ZERO);
    var answer = new CompletableFuture<ReadOutcome>();
    var asked = read(ask, context);
    Completions.onEnd(
        asked,
        (result, failure) ->
            Completions.end(answer, result == null ? null : result.outcomes().get(0), failure));
    Completions.passCancel(answer, asked);
    return answer;
  }

  @Override
  public boolean isSettledBySource() {
    return true;
  }

  /**
   * Applies puts to the source and then to the remote tier; {@link Mutation.Forget},
   * {@link Mutation.Mark} and {@link Mutation.Barrier} concern the remote tier alone. They are not
   * mixed in one request. A mark for a remote tier that keeps none makes it forget what is older.
   */
  @Override
  public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    return request.mutations().get(0) instanceof Mutation.Barrier
        ? raise(request, context)
        : new TieredWrite(this, request, context).run();
  }

  private CompletableFuture<WriteResult> raise(WriteRequest request, CallContext context) {
    var raised = new CompletableFuture<WriteResult>();
    Completions.onEnd(writeRemote(request, context), (result, failure) -> {
      for (var index = 0; result != null && index < result.outcomes().size(); index++) {
        if (result.outcomes().get(index) instanceof WriteOutcome.Stored stored) {
          // Of this group only: barriers of others up to this one may not be known yet.
          var group = request.mutations().get(index).key();
          groups.learn(new Barriers(0, Map.of(group, stored.version())));
        }
      }
      Completions.end(raised, result, failure);
    });
    return raised;
  }

  /** Hears of each change of the remote tier before it is sent; must not throw. */
  public void onChange(Consumer<Mutation> listener) {
    onChange = listener;
  }

  /** The feed tells of a key: whoever waits for it goes on. */
  public void changed(String key) {
    awaited.told(key);
  }

  /** Whether the feed tells of changes, from now on; if not, nobody waits for it. */
  public void feedConnected(boolean connected) {
    feedConnected = connected;
    if (!connected) {
      awaited.endAll();
    }
  }

  boolean isFeedConnected() {
    return feedConnected;
  }

  @Override
  public Groups groups() {
    return groups;
  }

  @Override
  public Duration loadTime() {
    return loadTime.average();
  }

  /** Tells the remote tier nothing more in the background; for the end of the client. */
  public void stopRetelling() {
    retelling.close();
  }

  @Override
  public void close() {
    stopRetelling();
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

  /** One request to the remote tier that no caller waits for. */
  CallContext ownContext() {
    return CallContext.of(Deadline.after(policy.timeout(), time));
  }

  /**
   * What the remote tier keeps of an entry: until its own time to live, shortened by the jitter, or
   * the entry's, whichever is first.
   */
  EncodedEntry remoteCopy(EncodedEntry entry) {
    var created = entry.createdAtMillis();
    var expiry = created + jittered(policy.ttl());
    var own = entry.expiryMillis();
    var soft = ttls.soft().isZero() ? 0 : created + Durations.millis(ttls.soft());
    return entry.withTimes(created, soft, own == 0 ? expiry : Math.min(expiry, own));
  }

  private long jittered(Duration ttl) {
    var millis = Durations.millis(ttl);
    return millis - (long) (millis * ttls.jitter() * random.nextDouble());
  }

  /** The remote tier may not have heard of a change, and will be told. */
  void doubt(Mutation untold) {
    distrust(untold);
    retelling.begin();
  }

  private void distrust(Mutation untold) {
    if (remote instanceof NoRemote) {
      return;
    }
    if (untold instanceof Mutation.Forget forget && forget.isOfAnyCopy()) {
      distrust.addUnordered(forget.key(), forget.holdOff());
    } else if (untold instanceof Mutation.Forget forget) {
      distrust.add(forget.key(), forget.below());
    } else if (untold instanceof Mutation.Mark mark) {
      distrust.addMark(mark.key(), mark.version(), mark.retention());
    } else if (untold instanceof Mutation.Put put) {
      distrust.add(put.key(), put.entry().version());
    }
  }

  @Override
  public void tell(Mutation.Forget forget) {
    tell(List.of(forget));
  }

  @Override
  public void hear(List<Mutation> news) {
    // Before the writer hears of its success: it may come here for what it has written.
    news.forEach(this::distrust);
    tell(news);
  }

  private void tell(List<Mutation> news) {
    var told = new TieredWrite(this, new WriteRequest(keyspace, news), ownContext());
    Completions.onEnd(told.tell(), (result, failure) -> {});
  }

  /**
   * What to tell the remote tier in place of a change: one that makes it forget holds the key off
   * for as long as an earlier one would have, that did not get through.
   */
  Mutation heldOff(Mutation change) {
    if (change instanceof Mutation.Mark mark && !remote.capabilities().has(Feature.MARKS)) {
      return new Mutation.Forget(mark.key(), distrust.holdOff(mark.key()), mark.version());
    }
    if (!(change instanceof Mutation.Forget forget)) {
      return change;
    }
    var owed = distrust.holdOff(forget.key());
    return owed.compareTo(forget.holdOff()) > 0
        ? new Mutation.Forget(forget.key(), owed, forget.below())
        : change;
  }

  @Override
  public int untold() {
    return distrust.size();
  }

  /** Writes to the remote tier; whether or not a caller waits for it, {@link #drain} does. */
  CompletableFuture<WriteResult> writeRemote(WriteRequest request, CallContext context) {
    background.acquireUninterruptibly();
    request.mutations().forEach(onChange);
    var written = remote.write(request, context);
    Completions.onEnd(written, (result, failure) -> background.release());
    return written;
  }

  /** Sends fills, repairs and what concerns leases, which no caller waits for. */
  void fillRemote(WriteRequest request) {
    Completions.onEnd(writeRemote(request, ownContext()), (result, failure) -> {
      for (var index = 0; result != null && index < result.outcomes().size(); index++) {
        report(request.mutations().get(index), result.outcomes().get(index));
      }
    });
  }

  private void report(Mutation mutation, WriteOutcome outcome) {
    if (outcome instanceof WriteOutcome.Rejected rejected) {
      // A lease that cannot be renewed or given back any more is refused its fill as well.
      if (mutation instanceof Mutation.Fill fill) {
        listener.onFillRefused(keyspace, Tier.REMOTE);
        takeBack(fill, rejected.storedVersion());
      }
    } else if (outcome instanceof WriteOutcome.Failed failed) {
      listener.onTierFailure(keyspace, Tier.REMOTE, failed.cause());
    }
  }

  /**
   * The source knows nothing of a key of which the remote tier still holds a copy: it goes, if it
   * is the one that stood in the way. If that was a mark, nothing goes and nobody is told.
   */
  private void takeBack(Mutation.Fill fill, long storedVersion) {
    var entry = fill.entry();
    if (entry.isTombstone() && entry.version() == Version.NONE && storedVersion > 0) {
      var below = storedVersion == Version.MAX ? Version.MAX : storedVersion + 1;
      tell(new Mutation.Forget(fill.key(), Duration.ZERO, below));
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
