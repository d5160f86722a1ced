package dev.tiercel;

import static java.util.Objects.requireNonNull;

import dev.tiercel.backend.Backend;
import dev.tiercel.codec.Codec;
import dev.tiercel.codec.Compression;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.observe.ProbePolicy;
import dev.tiercel.region.RegionLoss;
import dev.tiercel.region.RegionPolicy;
import dev.tiercel.region.WritePolicy;
import dev.tiercel.tier.LocalPolicy;
import dev.tiercel.tier.RefreshPolicy;
import dev.tiercel.tier.RemotePolicy;
import dev.tiercel.tier.SourcePolicy;
import dev.tiercel.tier.TtlPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a keyspace is: its name and types, its tiers, its policies. Made by {@link #builder};
 * immutable and thread-safe.
 *
 * @param <K> the type of key
 * @param <V> the type of value
 */
public final class KeyspaceSpec<K, V> {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  final String name;
  final KeyFormat<K> keys;
  final Codec<V> codec;
  final Compression compression;
  final LocalPolicy local;
  final List<Backend> remotes;
  final RemotePolicy remotePolicy;
  final ResiliencePolicy remoteResilience;
  final List<Backend> sources;
  final SourcePolicy sourcePolicy;
  final ResiliencePolicy sourceResilience;
  final RegionPolicy regions;
  final RegionLoss loss;
  final @Nullable WritePolicy writes;
  final boolean servesBehind;
  final TtlPolicy ttls;
  final RefreshPolicy refresh;
  final ProbePolicy probe;
  final BiFunction<? super K, ? super V, Set<String>> groups;
  final Duration deadline;
  final Duration maxStaleness;
  final int maxValueBytes;
  final int maxBatchKeys;

  private KeyspaceSpec(Builder<K, V> builder) {
    this.name = builder.name;
    this.keys = builder.keys;
    this.codec = builder.codec;
    this.compression = builder.compression;
    this.local = builder.local;
    this.remotes = builder.remotes;
    this.remotePolicy = builder.remotePolicy;
    this.remoteResilience = builder.remoteResilience;
    this.sources = builder.sources;
    this.sourcePolicy = builder.sourcePolicy;
    this.sourceResilience = builder.sourceResilience;
    this.regions = builder.regions;
    this.loss = builder.loss;
    this.writes = builder.writes;
    this.servesBehind = builder.servesBehind;
    this.ttls = builder.ttls;
    this.refresh = builder.refresh;
    this.probe = builder.probe;
    this.groups = builder.groups;
    this.deadline = builder.deadline;
    this.maxStaleness = builder.maxStaleness;
    this.maxValueBytes = builder.maxValueBytes;
    this.maxBatchKeys = builder.maxBatchKeys;
  }

  /**
   * Begins a keyspace.
   *
   * @param name 1 to 64 letters, digits, dots, underscores and hyphens; caches and shared tables
   *     keep keyspaces apart by it
   * @param keys how keys are written
   * @param codec how values are written
   */
  public static <K, V> Builder<K, V> builder(String name, KeyFormat<K> keys, Codec<V> codec) {
    return new Builder<>(name, keys, codec);
  }

  /** The keyspace's name. */
  public String name() {
    return name;
  }

  /** Whether it has tiers in several regions. */
  boolean isRegional() {
    return sources.size() > 1 || remotes.size() > 1;
  }

  /**
   * Collects what a keyspace is. Not thread-safe.
   *
   * @param <K> the type of key
   * @param <V> the type of value
   */
  public static final class Builder<K, V> {

    private final String name;
    private final KeyFormat<K> keys;
    private final Codec<V> codec;
    private Compression compression = Compression.none();
    private LocalPolicy local = LocalPolicy.defaults();
    private List<Backend> remotes = List.of();
    private RemotePolicy remotePolicy = RemotePolicy.defaults();
    private ResiliencePolicy remoteResilience = ResiliencePolicy.defaults();
    private List<Backend> sources = List.of();
    private SourcePolicy sourcePolicy = SourcePolicy.defaults();
    private ResiliencePolicy sourceResilience = ResiliencePolicy.defaults();
    private RegionPolicy regions = RegionPolicy.defaults();
    private RegionLoss loss = RegionLoss.REMOTE;
    private @Nullable WritePolicy writes;
    private boolean servesBehind;
    private TtlPolicy ttls = TtlPolicy.defaults();
    private RefreshPolicy refresh = RefreshPolicy.defaults();
    private ProbePolicy probe = ProbePolicy.off();
    private BiFunction<? super K, ? super V, Set<String>> groups = (key, value) -> Set.of();
    private Duration deadline = Duration.ofMillis(250);
    private Duration maxStaleness = Duration.ofMinutes(10);
    private int maxValueBytes = 1 << 20;
    private int maxBatchKeys = 10_000;

    private Builder(String name, KeyFormat<K> keys, Codec<V> codec) {
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException("name: " + name + " (expected: " + NAME + ")");
      }
      this.name = name;
      this.keys = requireNonNull(keys, "keys");
      this.codec = requireNonNull(codec, "codec");
    }

    /**
     * How values are compressed on their way to backends that keep metadata; not at all by default.
     */
    public Builder<K, V> compression(Compression policy) {
      this.compression = requireNonNull(policy, "compression");
      return this;
    }

    /** The cache in this process; {@link LocalPolicy#defaults} by default. */
    public Builder<K, V> local(LocalPolicy policy) {
      this.local = requireNonNull(policy, "local");
      return this;
    }

    /** The shared cache, used as {@link RemotePolicy#defaults} says; none by default. */
    public Builder<K, V> remote(Backend cache) {
      return remote(cache, RemotePolicy.defaults());
    }

    /**
     * The shared cache. The client that makes the keyspace closes it.
     *
     * @param cache a backend with leases
     * @param policy how it is used
     */
    public Builder<K, V> remote(Backend cache, RemotePolicy policy) {
      return remoteIn(List.of(requireNonNull(cache, "remote")), policy);
    }

    /** A shared cache in each region, used as {@link RemotePolicy#defaults} says. */
    public Builder<K, V> remoteIn(List<? extends Backend> caches) {
      return remoteIn(caches, RemotePolicy.defaults());
    }

    /**
     * A shared cache in each region; the region is what {@link Backend#region} says. The client
     * that makes the keyspace closes them.
     *
     * @param caches backends with leases, the nearest region first, at most one in a region; with
     *     several regions they keep marks. A region that has a source and none of these goes
     *     without a shared cache
     * @param policy how they are used
     */
    public Builder<K, V> remoteIn(List<? extends Backend> caches, RemotePolicy policy) {
      this.remotes = List.copyOf(caches);
      this.remotePolicy = requireNonNull(policy, "policy");
      return this;
    }

    /** The source of record, used as {@link SourcePolicy#defaults} says; required. */
    public Builder<K, V> source(Backend record) {
      return source(record, SourcePolicy.defaults());
    }

    /**
     * The source of record; required. The client that makes the keyspace closes it.
     *
     * @param record the backend whose word is final
     * @param policy how it is used
     */
    public Builder<K, V> source(Backend record, SourcePolicy policy) {
      return sourceIn(List.of(requireNonNull(record, "source")), policy);
    }

    /** The source of record in each region, used as {@link SourcePolicy#defaults} says. */
    public Builder<K, V> sourceIn(List<? extends Backend> records) {
      return sourceIn(records, SourcePolicy.defaults());
    }

    /**
     * The source of record in each region; the region is what {@link Backend#region} says. The
     * sources replicate each other by themselves. The client that makes the keyspace closes them.
     *
     * @param records the nearest region first, unless the client's {@code place} says which is
     *     nearest; at most one in a region. A single one serves the shared caches of every region
     * @param policy how they are used
     */
    public Builder<K, V> sourceIn(List<? extends Backend> records, SourcePolicy policy) {
      this.sources = List.copyOf(records);
      this.sourcePolicy = requireNonNull(policy, "policy");
      return this;
    }

    /** When a region counts as lost; {@link RegionPolicy#defaults} by default. */
    public Builder<K, V> regions(RegionPolicy policy) {
      this.regions = requireNonNull(policy, "regions");
      return this;
    }

    /**
     * What the loss of a region means for reads; by default another one is asked, if there is
     * another one.
     */
    public Builder<K, V> loss(RegionLoss policy) {
      this.loss = requireNonNull(policy, "loss");
      return this;
    }

    /** Where writes go; required if there are sources in several regions. */
    public Builder<K, V> writes(WritePolicy policy) {
      this.writes = requireNonNull(policy, "writes");
      return this;
    }

    /**
     * Whether an answer that is older than what this process has seen is served, labelled
     * {@link dev.tiercel.backend.Staleness#BEHIND}, while no region that may have newer can be
     * asked, or where that lost to an older write that arrived later. By default such a read fails:
     * reads your own writes, and never goes back, also when a region is lost that others had not
     * received everything from.
     */
    public Builder<K, V> servesBehind(boolean serves) {
      this.servesBehind = serves;
      return this;
    }

    /**
     * How calls to the shared cache are guarded, hedged and retried;
     * {@link ResiliencePolicy#defaults} by default.
     */
    public Builder<K, V> remoteResilience(ResiliencePolicy policy) {
      this.remoteResilience = requireNonNull(policy, "remoteResilience");
      return this;
    }

    /**
     * How calls to the source of record are guarded, hedged and retried;
     * {@link ResiliencePolicy#defaults} by default.
     */
    public Builder<K, V> sourceResilience(ResiliencePolicy policy) {
      this.sourceResilience = requireNonNull(policy, "sourceResilience");
      return this;
    }

    /** How entries age; {@link TtlPolicy#defaults} by default. */
    public Builder<K, V> ttls(TtlPolicy policy) {
      this.ttls = requireNonNull(policy, "ttls");
      return this;
    }

    /** How entries are refreshed and revalidated; {@link RefreshPolicy#defaults} by default. */
    public Builder<K, V> refresh(RefreshPolicy policy) {
      this.refresh = requireNonNull(policy, "refresh");
      return this;
    }

    /**
     * How many answers of the caches are compared with the source of record, for a listener to hear
     * how often they agree; {@link ProbePolicy#off} by default.
     */
    public Builder<K, V> probe(ProbePolicy policy) {
      this.probe = requireNonNull(policy, "probe");
      return this;
    }

    /**
     * Which groups an entry belongs to, for {@link Keyspace#expireGroup}; none by default.
     *
     * @param membership from key and value to the names of groups, none empty; a pure function,
     *     fast, the same in every process. An entry for which it throws is served by no cache once
     *     any group has been expired
     */
    public Builder<K, V> groups(BiFunction<? super K, ? super V, Set<String>> membership) {
      this.groups = requireNonNull(membership, "groups");
      return this;
    }

    /** How long a call may take unless its options say otherwise; 250 ms by default. */
    public Builder<K, V> deadline(Duration timeout) {
      this.deadline = requirePositive("deadline", timeout);
      return this;
    }

    /**
     * How long ago the source of record may have held an answer, whichever tier gives it; 10
     * minutes by default. Ages in the shared tier are told by the wall clocks of the processes that
     * filled it.
     */
    public Builder<K, V> maxStaleness(Duration bound) {
      this.maxStaleness = requirePositive("maxStaleness", bound);
      return this;
    }

    /**
     * The largest encoded value, in bytes before compression; 1 MiB by default, or less if a
     * backend takes less.
     */
    public Builder<K, V> maxValueBytes(int bytes) {
      this.maxValueBytes = requirePositive("maxValueBytes", bytes);
      return this;
    }

    /** The most keys in one batch call; 10,000 by default. */
    public Builder<K, V> maxBatchKeys(int count) {
      this.maxBatchKeys = requirePositive("maxBatchKeys", count);
      return this;
    }

    /**
     * Ends the description.
     *
     * @throws IllegalStateException if there is no source, or the regions do not fit together
     */
    public KeyspaceSpec<K, V> build() {
      if (sources.isEmpty()) {
        throw new IllegalStateException("source: none (expected: a backend)");
      }
      if (sources.size() > 1 && writes == null) {
        throw new IllegalStateException(
            "writes: nothing said (expected: where they go, with sources in several regions)");
      }
      var sites = Sites.of(sources, remotes);
      if (writes instanceof WritePolicy.Home home && !sites.names().contains(home.region())) {
        throw new IllegalStateException("writes: home in " + home.region() + " (expected: one of "
            + String.join(", ", sites.names()) + ")");
      }
      if (loss == RegionLoss.STALE_LOCAL) {
        // Bounded by what is left of its staleness.
        ttls = ttls.staleIfError(maxStaleness);
      }
      return new KeyspaceSpec<>(this);
    }

    private static Duration requirePositive(String name, Duration value) {
      if (value.isNegative() || value.isZero()) {
        throw new IllegalArgumentException(name + ": " + value + " (expected: more than zero)");
      }
      return value;
    }

    private static int requirePositive(String name, int value) {
      if (value < 1) {
        throw new IllegalArgumentException(name + ": " + value + " (expected: at least 1)");
      }
      return value;
    }
  }
}
