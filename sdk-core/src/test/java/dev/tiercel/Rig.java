package dev.tiercel;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.Tier;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.builtin.Backends;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.guard.BreakerPolicy;
import dev.tiercel.guard.RetryPolicy;
import dev.tiercel.observe.ProbeResult;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.testing.StagedBackend;
import dev.tiercel.tier.LocalPolicy;
import dev.tiercel.time.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;

/**
 * A keyspace with all its tiers in memory, on time that a test holds in its hand and on the test's
 * own thread: what is held in a tier stays there until the test lets it go.
 */
final class Rig implements AutoCloseable {

  static final String NAME = "features";
  static final Duration DEADLINE = Duration.ofMillis(250);

  /** Nothing is asked twice and nobody counts as down: what a test makes fail has failed. */
  static final ResiliencePolicy CALM =
      ResiliencePolicy.defaults().retry(RetryPolicy.off()).breaker(BreakerPolicy.off());

  final FakeTime time = new FakeTime();
  final StagedBackend remote = new StagedBackend(Backends.inMemoryCache(64 << 20, time));
  final StagedBackend source;
  final Events events = new Events();

  /** What every process of this rig throws its dice with. */
  final Chance chance = new Chance();

  private final List<ServingClient> clients = new ArrayList<>();
  final Keyspace<String, String> keyspace;
  final AsyncKeyspace<String, String> async;

  Rig() {
    this(spec -> spec);
  }

  Rig(UnaryOperator<KeyspaceSpec.Builder<String, String>> adjust) {
    this(null, adjust);
  }

  /** A rig in front of a source of the test's own. */
  Rig(Backend ownSource, UnaryOperator<KeyspaceSpec.Builder<String, String>> adjust) {
    source =
        new StagedBackend(ownSource == null ? Backends.inMemoryStore(64 << 20, time) : ownSource);
    keyspace = process(time, adjust);
    async = keyspace.async();
  }

  /** Another process on the same remote tier and source. */
  Keyspace<String, String> anotherProcess() {
    return process(time, spec -> spec);
  }

  /** Another process like that. */
  Keyspace<String, String> process(UnaryOperator<KeyspaceSpec.Builder<String, String>> adjust) {
    return process(time, adjust);
  }

  /** Another process whose wall clock is its own. */
  Keyspace<String, String> process(
      FakeTime clock, UnaryOperator<KeyspaceSpec.Builder<String, String>> adjust) {
    return client(clock).keyspace(adjust.apply(spec().remote(remote)).build());
  }

  /** Another process on the same source, without a remote tier. */
  Keyspace<String, String> processWithoutRemote(
      UnaryOperator<KeyspaceSpec.Builder<String, String>> adjust) {
    return client(time).keyspace(adjust.apply(spec()).build());
  }

  private ServingClient client(FakeTime clock) {
    var client = ServingClient.builder()
        .time(clock)
        .executor(Runnable::run)
        .random(chance)
        .listener(events)
        .drainTime(Duration.ZERO)
        .build();
    clients.add(client);
    return client;
  }

  private KeyspaceSpec.Builder<String, String> spec() {
    return KeyspaceSpec.builder(NAME, KeyFormat.string(), Codecs.utf8())
        .source(source)
        .remoteResilience(CALM)
        .sourceResilience(CALM);
  }

  static UnaryOperator<KeyspaceSpec.Builder<String, String>> withoutLocalTier() {
    return spec -> spec.local(LocalPolicy.off());
  }

  /** What the remote tier holds of a key, asked past everything staged. */
  ReadOutcome remoteCopy(String key) {
    return peek(remote, key);
  }

  String remoteValue(String key) {
    return value(remoteCopy(key));
  }

  String sourceValue(String key) {
    return value(peek(source, key));
  }

  /**
   * Writes to the source behind the keyspace's back, as another process would that shares no cache.
   */
  void writeAtSource(String key, String value, long version) {
    write(source, key, value, version);
  }

  void writeAtRemote(String key, String value, long version) {
    write(remote, key, value, version);
  }

  void removeAtSource(String key, long version) {
    var mark = EncodedEntry.tombstone(version, time.millis(), 0);
    apply(source, new Mutation.Put(key, mark, Condition.ALWAYS));
  }

  /** Makes the remote tier lose a key, as its eviction would. */
  void dropAtRemote(String key) {
    apply(remote, new Mutation.Forget(key, Duration.ZERO));
  }

  /** A removal that nobody of the rig made. */
  static Mutation removal(String key, long version) {
    return new Mutation.Put(key, EncodedEntry.tombstone(version, 0, 0), Condition.ALWAYS);
  }

  /** Leases a missing key to a loader that never fills it. */
  void leaseToTheDead(String key, Duration lease) {
    var read = ReadRequest.of(NAME, List.of(key)).withLease(lease);
    var outcome = remote.behind().read(read, context()).join().outcomes().get(0);
    if (!(outcome instanceof ReadOutcome.Absent absent) || !absent.lease().granted()) {
      throw new AssertionError("outcome: " + outcome + " (expected: a lease)");
    }
  }

  private void write(StagedBackend backend, String key, String value, long version) {
    writeBytes(backend, key, value.getBytes(StandardCharsets.UTF_8), version);
  }

  /** Writes bytes that need not be a value, past everything staged. */
  void writeBytes(StagedBackend backend, String key, byte[] bytes, long version) {
    var entry = new EncodedEntry(bytes, Codecs.utf8().id(), 0, version, time.millis(), 0, 0);
    apply(backend, new Mutation.Put(key, entry, Condition.ALWAYS));
  }

  /** Applies a mutation past everything staged. */
  void apply(StagedBackend backend, Mutation mutation) {
    backend.behind().write(new WriteRequest(NAME, List.of(mutation)), context()).join();
  }

  private ReadOutcome peek(StagedBackend backend, String key) {
    return backend
        .behind()
        .read(ReadRequest.of(NAME, List.of(key)), context())
        .join()
        .outcomes()
        .get(0);
  }

  private CallContext context() {
    return CallContext.of(Deadline.after(Duration.ofSeconds(1), time));
  }

  private static String value(ReadOutcome outcome) {
    return outcome instanceof ReadOutcome.Found found
        ? new String(found.entry().payload(), StandardCharsets.UTF_8)
        : null;
  }

  /** What a tier says that is down. */
  static Unavailable down() {
    return new Unavailable("tier: down", Where.NOWHERE, null);
  }

  /** The typed failure of a call that has ended. */
  static ServingException failureOf(CompletableFuture<?> call) {
    try {
      var result = call.getNow(null);
      throw new AssertionError(
          "call: " + (call.isDone() ? result : "not done") + " (expected: a failure)");
    } catch (CompletionException failed) {
      return (ServingException) failed.getCause();
    }
  }

  @Override
  public void close() {
    remote.pass();
    source.pass();
    clients.forEach(ServingClient::close);
  }

  /** Writes down what the keyspaces tell. */
  static final class Events implements ServingListener {
    final List<String> unreadable = new ArrayList<>();
    final List<ServingException> tierFailures = new ArrayList<>();
    final List<Tier> refusedFills = new ArrayList<>();
    final List<Integer> sourceLoads = new ArrayList<>();
    final List<ProbeResult> probes = new ArrayList<>();
    final List<ServingException> probeFailures = new ArrayList<>();

    @Override
    public void onUnreadable(String keyspace, Tier tier, String reason) {
      unreadable.add(tier + ": " + reason);
    }

    @Override
    public void onTierFailure(String keyspace, Tier tier, ServingException cause) {
      tierFailures.add(cause);
    }

    @Override
    public void onFillRefused(String keyspace, Tier tier) {
      refusedFills.add(tier);
    }

    @Override
    public void onSourceLoad(String keyspace, int keys) {
      sourceLoads.add(keys);
    }

    @Override
    public void onProbe(ProbeResult result) {
      probes.add(result);
    }

    @Override
    public void onProbeFailure(String keyspace, ServingException cause) {
      probeFailures.add(cause);
    }
  }
}
