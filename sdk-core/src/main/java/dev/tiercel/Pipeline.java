package dev.tiercel;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.Feature;
import dev.tiercel.batch.GatheringBackend;
import dev.tiercel.batch.SplittingBackend;
import dev.tiercel.budget.AttemptBudget;
import dev.tiercel.codec.CompressingBackend;
import dev.tiercel.codec.ValueFormat;
import dev.tiercel.health.Vitals;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.region.Place;
import dev.tiercel.region.Region;
import dev.tiercel.region.RegionRouter;
import dev.tiercel.region.WritePolicy;
import dev.tiercel.tier.NoRemote;
import dev.tiercel.tier.RemotePolicy;
import dev.tiercel.tier.TieredBackend;
import dev.tiercel.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** The whole path of a keyspace below its local tier, one line per layer. */
final class Pipeline {

  /**
   * How many reads of a backend are on their way before others gather: enough that one slow read
   * holds up an eighth at most.
   */
  private static final int GATHER_ABOVE = 8;

  private Pipeline() {}

  /**
   * Puts the layers of a keyspace together. Above them stand, in {@link Reader}, the local tier and
   * the in-flight table.
   *
   * @throws IllegalArgumentException if a backend cannot do what its place asks for
   */
  static Below assemble(
      KeyspaceSpec<?, ?> spec,
      Place place,
      Guards guards,
      ServingListener listener,
      RandomGenerator random,
      Time time) {
    // All are looked at before any is guarded.
    spec.sources.forEach(Pipeline::asSource);
    spec.remotes.forEach(cache -> asRemote(cache, spec.isRegional()));
    var sites = Sites.of(spec.sources, spec.remotes).nearestTo(place.region()).all();
    var stacks = sites.stream()
        .map(site -> new Stack(
            site.region(),
            tiers(site, spec, guards, listener, random, time),
            site.remote() == null ? Optional.empty() : site.remote().feed()))
        .toList();
    if (!spec.isRegional()) {
      return new Below(stacks.get(0).tiers(), stacks, null);
    }
    // Above whole stacks: a cache is filled from its own region's source alone, and a read never
    // mixes tiers of two regions.
    var regions = new ArrayList<Region>();
    for (var index = 0; index < sites.size(); index++) {
      var site = sites.get(index);
      var source = guards.vitals(site.source());
      var remote = site.remote() == null ? List.<Vitals>of() : guards.vitals(site.remote());
      regions.add(new Region(site.region(), stacks.get(index).tiers(), source, remote));
    }
    var router = new RegionRouter(
        spec.name,
        regions,
        new RegionRouter.Policies(
            spec.regions,
            spec.loss,
            spec.writes == null ? WritePolicy.anywhere() : spec.writes,
            spec.servesBehind,
            spec.remotePolicy.mark(),
            spec.remotePolicy.holdOff()),
        new AttemptBudget(spec.sourceResilience.budget(), time),
        listener,
        random,
        time);
    return new Below(router, stacks, router);
  }

  /** One region's tiers. */
  private static TieredBackend tiers(
      Sites.Site site,
      KeyspaceSpec<?, ?> spec,
      Guards guards,
      ServingListener listener,
      RandomGenerator random,
      Time time) {
    // Nothing has to be kept from a tier that is not there.
    var remote = site.remote() == null
        ? new NoRemote()
        : path(
            site.remote(),
            spec,
            spec.remoteResilience,
            spec.remotePolicy.maxInFlight(),
            guards,
            time);
    var source = path(
        site.source(), spec, spec.sourceResilience, spec.sourcePolicy.maxInFlight(), guards, time);
    return new TieredBackend(
        spec.name, remote, source, bounded(spec), spec.ttls, listener, random, time);
  }

  /**
   * No copy outlives what the keyspace allows to be served, so that the next reader leases it and
   * fills it anew.
   */
  private static RemotePolicy bounded(KeyspaceSpec<?, ?> spec) {
    var policy = spec.remotePolicy;
    return policy.ttl().compareTo(spec.maxStaleness) > 0 ? policy.ttl(spec.maxStaleness) : policy;
  }

  /** From the adapter outwards. */
  private static Backend path(
      Backend adapter,
      KeyspaceSpec<?, ?> spec,
      ResiliencePolicy policy,
      int maxInFlight,
      Guards guards,
      Time time) {
    var limiter = policy.limiter().max(Math.min(policy.limiter().max(), maxInFlight));
    // Innermost and shared with other keyspaces: limiter and breaker of each endpoint, then the
    // hedge over all of them, which keeps the deadline, then retries.
    var guarded = guards.around(adapter, policy.limiter(limiter));
    Backend path = guarded.backend();
    // Above the guard, so that each part of a large batch is a call of its own to it; a quarter of
    // what is allowed now at once, for the others' sake.
    path = new SplittingBackend(path, () -> Math.max(1, guarded.limit() / 4));
    // Above the splitter, which would take gathered reads apart; below the tiers, so that each
    // gathers its own.
    path = new GatheringBackend(
        path, () -> Math.min(GATHER_ABOVE, guarded.limit()), maxInFlight, time);
    // Outermost: tiers exchange entries as the codec wrote them, whatever each backend keeps.
    return path.capabilities().has(Feature.METADATA)
        ? new CompressingBackend(path, spec.codec.id(), spec.compression)
        : path;
  }

  private static void asRemote(Backend backend, boolean regional) {
    require(backend, "remote", Feature.LEASES);
    require(backend, "remote", Feature.WRITE);
    require(backend, "remote", Feature.IF_NEWER);
    require(backend, "remote", Feature.IF_VERSION);
    require(backend, "remote", Feature.METADATA);
    require(backend, "remote", Feature.EXPIRY);
    require(backend, "remote", Feature.GROUPS);
    if (regional) {
      require(backend, "remote", Feature.MARKS);
    }
  }

  private static void asSource(Backend backend) {
    var capabilities = backend.capabilities();
    if (capabilities.has(Feature.WRITE) && capabilities.has(Feature.VERSIONS)) {
      require(backend, "source", Feature.IF_NEWER);
    }
    require(backend, "source", Feature.CONSISTENT_READS);
  }

  private static void require(Backend backend, String place, Feature feature) {
    if (!backend.capabilities().has(feature)) {
      throw new IllegalArgumentException(
          place + ": " + backend.name() + " without " + feature + " (expected: with it)");
    }
  }

  /** How values are written: uncompressed here, since that is a matter of each backend. */
  static <V> ValueFormat<V> valueFormat(KeyspaceSpec<?, V> spec) {
    return new ValueFormat<>(spec.codec, maxValueBytes(spec));
  }

  /** The bounds that hold for every tier. */
  static int maxKeyBytes(KeyspaceSpec<?, ?> spec) {
    return min(spec, Capabilities::maxKeyBytes, Integer.MAX_VALUE);
  }

  /** The largest value that every tier takes. */
  static int maxValueBytes(KeyspaceSpec<?, ?> spec) {
    return min(spec, Capabilities::maxValueBytes, spec.maxValueBytes);
  }

  private static int min(KeyspaceSpec<?, ?> spec, ToIntFunction<Capabilities> bound, int own) {
    return Stream.concat(spec.sources.stream(), spec.remotes.stream())
        .map(Backend::capabilities)
        .mapToInt(bound)
        .reduce(own, Math::min);
  }
}
