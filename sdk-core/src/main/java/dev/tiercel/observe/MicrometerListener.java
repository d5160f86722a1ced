package dev.tiercel.observe;

import dev.tiercel.backend.Staleness;
import dev.tiercel.backend.Tier;
import dev.tiercel.error.ServingException;
import dev.tiercel.health.Endpoint;
import dev.tiercel.health.EndpointState;
import dev.tiercel.health.RegionState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Counts and times what happens inside keyspaces with Micrometer. What each meter means is in
 * {@code docs/metrics.md}.
 *
 * <p>Tags hold names of keyspaces, backends, regions and endpoints, and words of closed sets, never
 * keys: there are as many meters as there are places. Each is made when it is first needed and
 * looked up after that.
 *
 * <p>Needs {@code io.micrometer:micrometer-core} on the class path, which nothing else does. Never
 * blocks; thread-safe as its registry is.
 */
public final class MicrometerListener implements ServingListener {

  private record AttemptKey(Endpoint endpoint, boolean write, Attempt.Result result) {}

  private record HedgeKey(Endpoint slow, Endpoint asked) {}

  private record RetryKey(Endpoint endpoint, Class<?> cause) {}

  private record RefusalKey(Endpoint endpoint, Refusal reason) {}

  private record ChangeKey(Endpoint endpoint, EndpointState from, EndpointState to) {}

  private record RegionKey(String keyspace, String region) {}

  private record SwitchKey(String keyspace, String from, String to) {}

  private record DetourKey(String keyspace, String from, String to, Detour why) {}

  private record UnreadableKey(String keyspace, Tier tier, String reason) {}

  private record FailureKey(String keyspace, Tier tier, Class<?> cause) {}

  private record RefusedKey(String keyspace, Tier tier) {}

  private record ProbeKey(
      String keyspace, Tier tier, Staleness staleness, ProbeResult.Verdict verdict) {}

  private record ProbeFailureKey(String keyspace, Class<?> cause) {}

  /** What is recorded of one kind of attempts. */
  private record AttemptMeters(Timer took, Counter keys) {}

  /** Meters of one name, by what their tags are made of. */
  private static final class Family<K, M> {

    private final ConcurrentHashMap<K, M> meters = new ConcurrentHashMap<>();
    private final Function<K, M> make;

    private Family(Function<K, M> make) {
      this.make = make;
    }

    private M of(K key) {
      var known = meters.get(key);
      return known == null ? meters.computeIfAbsent(key, make) : known;
    }
  }

  private final MeterRegistry registry;

  private final Family<AttemptKey, AttemptMeters> attempts = new Family<>(this::attemptMeters);
  private final Family<HedgeKey, DistributionSummary> hedges = new Family<>(
      key -> keys("tiercel.hedges", at(key.asked()).and("slow", key.slow().id())));
  private final Family<Endpoint, DistributionSummary> hedgesWon =
      new Family<>(endpoint -> keys("tiercel.hedges.won", at(endpoint)));
  private final Family<RetryKey, DistributionSummary> retries = new Family<>(key ->
      keys("tiercel.retries", at(key.endpoint()).and("cause", word(key.cause()))));
  private final Family<RefusalKey, Counter> refusals = new Family<>(key ->
      events("tiercel.refusals", "attempts", at(key.endpoint()).and("reason", word(key.reason()))));
  private final Family<ChangeKey, Counter> changes = new Family<>(key -> events(
      "tiercel.endpoint.changes",
      "changes",
      at(key.endpoint()).and("from", word(key.from()), "to", word(key.to()))));
  private final Family<Endpoint, StateGauges<EndpointState>> states;
  private final Family<RegionKey, StateGauges<RegionState>> regionStates;
  private final Family<SwitchKey, Counter> switches = new Family<>(key ->
      events("tiercel.region.switches", "switches", between(key.keyspace(), key.from(), key.to())));
  private final Family<DetourKey, DistributionSummary> detours = new Family<>(key -> keys(
      "tiercel.region.detours",
      between(key.keyspace(), key.from(), key.to()).and("why", word(key.why()))));
  private final Family<UnreadableKey, Counter> unreadable = new Family<>(key -> events(
      "tiercel.unreadable", "keys", in(key.keyspace(), key.tier()).and("reason", key.reason())));
  private final Family<FailureKey, Counter> tierFailures = new Family<>(key -> events(
      "tiercel.tier.failures",
      "failures",
      in(key.keyspace(), key.tier()).and("cause", word(key.cause()))));
  private final Family<RefusedKey, Counter> fillsRefused =
      new Family<>(key -> events("tiercel.fills.refused", "fills", in(key.keyspace(), key.tier())));
  private final Family<String, DistributionSummary> sourceLoads =
      new Family<>(keyspace -> keys("tiercel.source.loads", Tags.of("keyspace", keyspace)));
  private final Family<ProbeKey, Counter> probes = new Family<>(key -> events(
      "tiercel.probes",
      "probes",
      in(key.keyspace(), key.tier())
          .and("staleness", word(key.staleness()), "verdict", word(key.verdict()))));
  private final Family<RefusedKey, Timer> overtaken;
  private final Family<ProbeFailureKey, Counter> probeFailures = new Family<>(key -> events(
      "tiercel.probe.failures",
      "probes",
      Tags.of("keyspace", key.keyspace(), "cause", word(key.cause()))));

  /**
   * A listener; one is enough for all keyspaces of a registry.
   *
   * @param registry where the meters are registered; closed by its owner
   */
  public MicrometerListener(MeterRegistry registry) {
    this.registry = Objects.requireNonNull(registry, "registry");
    this.states = new Family<>(endpoint ->
        new StateGauges<>(registry, "tiercel.endpoint.state", at(endpoint), EndpointState.PROBING));
    this.regionStates = new Family<>(key -> new StateGauges<>(
        registry,
        "tiercel.region.state",
        Tags.of("keyspace", key.keyspace(), "region", key.region()),
        RegionState.HEALTHY));
    this.overtaken = new Family<>(
        key -> registry.timer("tiercel.probes.overtaken", in(key.keyspace(), key.tier())));
  }

  @Override
  public void onUnreadable(String keyspace, Tier tier, String reason) {
    unreadable.of(new UnreadableKey(keyspace, tier, reason)).increment();
  }

  @Override
  public void onTierFailure(String keyspace, Tier tier, ServingException cause) {
    tierFailures.of(new FailureKey(keyspace, tier, cause.getClass())).increment();
  }

  @Override
  public void onFillRefused(String keyspace, Tier tier) {
    fillsRefused.of(new RefusedKey(keyspace, tier)).increment();
  }

  @Override
  public void onSourceLoad(String keyspace, int keys) {
    sourceLoads.of(keyspace).record(keys);
  }

  @Override
  public void onProbe(ProbeResult result) {
    var keyspace = result.keyspace();
    probes
        .of(new ProbeKey(keyspace, result.tier(), result.staleness(), result.verdict()))
        .increment();
    if (result.verdict() == ProbeResult.Verdict.OVERTAKEN) {
      overtaken.of(new RefusedKey(keyspace, result.tier())).record(result.overtakenFor());
    }
  }

  @Override
  public void onProbeFailure(String keyspace, ServingException cause) {
    probeFailures.of(new ProbeFailureKey(keyspace, cause.getClass())).increment();
  }

  @Override
  public void onAttempt(Endpoint endpoint, Attempt attempt) {
    var meters = attempts.of(new AttemptKey(endpoint, attempt.write(), attempt.result()));
    meters.took().record(attempt.took());
    meters.keys().increment(attempt.keys());
  }

  @Override
  public void onRefusal(Endpoint endpoint, Refusal why) {
    refusals.of(new RefusalKey(endpoint, why)).increment();
  }

  @Override
  public void onRetry(Endpoint endpoint, int keys, ServingException cause) {
    retries.of(new RetryKey(endpoint, cause.getClass())).record(keys);
  }

  @Override
  public void onHedge(Endpoint slow, Endpoint asked, int keys) {
    hedges.of(new HedgeKey(slow, asked)).record(keys);
  }

  @Override
  public void onHedgeWon(Endpoint endpoint, int keys) {
    hedgesWon.of(endpoint).record(keys);
  }

  @Override
  public void onState(Endpoint endpoint, EndpointState from, EndpointState to) {
    states.of(endpoint).set(to);
    changes.of(new ChangeKey(endpoint, from, to)).increment();
  }

  @Override
  public void onRegionState(String keyspace, String region, RegionState from, RegionState to) {
    regionStates.of(new RegionKey(keyspace, region)).set(to);
  }

  @Override
  public void onRegionSwitch(String keyspace, String from, String to) {
    switches.of(new SwitchKey(keyspace, from, to)).increment();
  }

  @Override
  public void onDetour(String keyspace, String from, String to, int keys, Detour why) {
    detours.of(new DetourKey(keyspace, from, to, why)).record(keys);
  }

  private AttemptMeters attemptMeters(AttemptKey key) {
    var tags = at(key.endpoint())
        .and("kind", key.write() ? "write" : "read", "result", word(key.result()));
    return new AttemptMeters(
        registry.timer("tiercel.attempts", tags), events("tiercel.attempts.keys", "keys", tags));
  }

  private Counter events(String name, String unit, Tags tags) {
    return Counter.builder(name).baseUnit(unit).tags(tags).register(registry);
  }

  /** How often, and for how many keys. */
  private DistributionSummary keys(String name, Tags tags) {
    return DistributionSummary.builder(name).baseUnit("keys").tags(tags).register(registry);
  }

  private static Tags at(Endpoint endpoint) {
    // Some monitoring systems drop meters whose tags are empty.
    var region = endpoint.region().isEmpty() ? "none" : endpoint.region();
    return Tags.of("backend", endpoint.backend(), "region", region, "endpoint", endpoint.id());
  }

  private static Tags between(String keyspace, String from, String to) {
    return Tags.of("keyspace", keyspace, "from", from, "to", to);
  }

  private static Tags in(String keyspace, Tier tier) {
    return Tags.of("keyspace", keyspace, "tier", word(tier));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String word(Class<?> failure) {
    return failure.getSimpleName();
  }
}
