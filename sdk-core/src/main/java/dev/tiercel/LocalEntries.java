package dev.tiercel;

import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Origin;
import dev.tiercel.codec.ValueFormat;
import dev.tiercel.tier.LocalEntry;
import dev.tiercel.time.Durations;
import dev.tiercel.time.Time;
import java.util.concurrent.TimeUnit;

/**
 * Makes local entries of encoded ones: decodes the value once and moves its times onto the local
 * monotonic clock.
 */
final class LocalEntries<V> {

  /** What an entry costs beside its bytes: the objects of the cache, its key and its node. */
  private static final int OVERHEAD_BYTES = 160;

  private final ValueFormat<V> format;
  private final Time time;
  private final long ttlNanos;
  private final long maxStalenessNanos;

  LocalEntries(ValueFormat<V> format, KeyspaceSpec<?, V> spec, Time time) {
    this.format = format;
    this.time = time;
    this.ttlNanos = Durations.nanos(spec.local.ttl());
    this.maxStalenessNanos = Durations.nanos(spec.maxStaleness);
  }

  /**
   * Decodes an entry; a tombstone becomes an entry without a value.
   *
   * @throws dev.tiercel.error.CodecFailure if the value cannot be decoded
   */
  LocalEntry<V> of(String key, EncodedEntry entry, Origin origin) {
    var nanos = time.nanos();
    var millis = time.millis();
    var age = Math.max(0, millis - entry.createdAtMillis());
    var created = nanos - TimeUnit.MILLISECONDS.toNanos(age);
    var left = Math.min(ttlNanos, created - nanos + maxStalenessNanos);
    if (entry.expiryMillis() != 0) {
      left = Math.min(left, TimeUnit.MILLISECONDS.toNanos(entry.expiryMillis() - millis));
    }
    var value = entry.isTombstone() ? null : format.decode(entry);
    var weight = entry.size() + key.length() + OVERHEAD_BYTES;
    return new LocalEntry<>(value, entry.version(), created, nanos + left, weight, origin);
  }

  /** An absence that the source of record just told, which is not cached. */
  LocalEntry<V> absent(Origin origin) {
    var nanos = time.nanos();
    return new LocalEntry<>(null, 0, nanos, nanos, 0, origin);
  }
}
