package dev.tiercel;

import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.Staleness;
import dev.tiercel.codec.ValueFormat;
import dev.tiercel.tier.LocalEntry;
import dev.tiercel.tier.Times;
import dev.tiercel.tier.TtlPolicy;
import dev.tiercel.time.Durations;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Makes local entries of encoded ones: decodes the value once, moves its times onto the local
 * monotonic clock, and decides when it is to be refreshed.
 */
final class LocalEntries<V> {

  /** What an entry costs beside its bytes: the objects of the cache, its key and its node. */
  private static final int OVERHEAD_BYTES = 240;

  /** Later than anything that is ever compared with it. */
  private static final long NEVER = Long.MAX_VALUE / 2;

  private final ValueFormat<V> format;
  private final TtlPolicy ttls;
  private final long ttlNanos;
  private final long maxStalenessNanos;
  private final Supplier<Duration> loadTime;
  private final RandomGenerator random;
  private final Time time;

  LocalEntries(
      ValueFormat<V> format,
      KeyspaceSpec<?, V> spec,
      Supplier<Duration> loadTime,
      RandomGenerator random,
      Time time) {
    this.format = format;
    this.ttls = spec.ttls;
    this.ttlNanos = Durations.nanos(spec.local.ttl());
    this.maxStalenessNanos = Durations.nanos(spec.maxStaleness);
    this.loadTime = loadTime;
    this.random = random;
    this.time = time;
  }

  /**
   * Decodes an entry; a tombstone becomes an entry without a value.
   *
   * @throws dev.tiercel.error.CodecFailure if the value cannot be decoded
   */
  LocalEntry<V> of(String key, EncodedEntry entry, Origin origin) {
    var nanos = time.nanos();
    var times = times(entry, nanos);
    var value = entry.isTombstone() ? null : format.decode(entry);
    var weight = entry.size() + key.length() + OVERHEAD_BYTES;
    var late = nanos - times.softNanos() >= 0 ? Staleness.SOFT_TTL : Staleness.FRESH;
    var staleness = origin.behind() ? Staleness.BEHIND : late;
    return new LocalEntry<>(
        value, entry.version(), times, entry.barrier(), 0, weight, origin, staleness);
  }

  private Times times(EncodedEntry entry, long nanos) {
    var millis = time.millis();
    var age = Math.max(0, millis - entry.createdAtMillis());
    var created = nanos - TimeUnit.MILLISECONDS.toNanos(age);
    var left = created - nanos + maxStalenessNanos;
    if (entry.expiryMillis() != 0) {
      left = Math.min(left, TimeUnit.MILLISECONDS.toNanos(entry.expiryMillis() - millis));
    }
    var served = Math.min(left, shortened(ttlNanos));
    var stale = Math.min(left, served + Durations.nanos(ttls.staleIfError()));
    var refreshed = !ttls.soft().isZero() && !entry.isTombstone();
    var soft = refreshed ? created + Durations.nanos(ttls.soft()) : nanos + NEVER;
    return new Times(
        created,
        entry.createdAtMillis(),
        soft,
        refreshed ? refreshAt(created, soft) : soft,
        nanos + served,
        nanos + Math.max(served, stale),
        entry.expiryMillis());
  }

  /**
   * By XFetch: ahead of the soft time to live by the time of a load, times beta, times an
   * exponentially distributed number; by the jitter at least, and by half of the time to live at
   * most.
   */
  private long refreshAt(long created, long soft) {
    var ttl = soft - created;
    var exponential = -Math.log(1 - random.nextDouble());
    var early = loadTime.get().toNanos() * ttls.beta() * exponential;
    var ahead = Math.max((long) early, ttl - shortened(ttl));
    return ttls.beta() == 0 ? soft : soft - Math.min(ahead, ttl / 2);
  }

  private long shortened(long ttl) {
    return ttl - (long) (ttl * ttls.jitter() * random.nextDouble());
  }

  /** An absence that the source of record, or one that is behind, just told; it is not cached. */
  LocalEntry<V> absent(Origin origin) {
    var nanos = time.nanos();
    var times = new Times(nanos, time.millis(), nanos, nanos, nanos, nanos, 0);
    var staleness = origin.behind() ? Staleness.BEHIND : Staleness.FRESH;
    return new LocalEntry<>(null, 0, times, 0, 0, 0, origin, staleness);
  }
}
