package dev.tiercel;

import dev.tiercel.backend.Condition;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one write differs from its keyspace's defaults.
 *
 * @param deadline how long the call may take; null for the keyspace's default
 * @param ttl how long the value lives at the source of record and everywhere else; null for ever. A
 *     source that keeps no expiry refuses any. Removals ignore it
 * @param condition what must hold at the source; null for "whatever it holds, this write is the
 *     latest"
 */
public record WriteOptions(
    @Nullable Duration deadline,
    @Nullable Duration ttl,
    @Nullable Condition condition) {

  private static final WriteOptions DEFAULTS = new WriteOptions(null, null, null);

  /** Checks the bounds. */
  public WriteOptions {
    if (ttl != null && ttl.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException("ttl: " + ttl + " (expected: 1 ms or more)");
    }
    if (condition instanceof Condition.IfLease) {
      throw new IllegalArgumentException("condition: IfLease (expected: one of a write)");
    }
  }

  /** The keyspace's defaults: the latest write wins, the value lives for ever. */
  public static WriteOptions defaults() {
    return DEFAULTS;
  }

  /** The same options with a deadline. */
  public WriteOptions deadline(Duration timeout) {
    return new WriteOptions(timeout, ttl, condition);
  }

  /** The same options with a time to live. */
  public WriteOptions ttl(Duration life) {
    return new WriteOptions(deadline, life, condition);
  }

  /**
   * The same options, to write over whatever the source holds, also if it is newer: for loading
   * data in bulk, which sources can do much faster without conditions. It can undo a concurrent
   * write, so it is not for keys that are in use; caches forget the key rather than compare
   * versions.
   */
  public WriteOptions unconditional() {
    return new WriteOptions(deadline, ttl, Condition.ALWAYS);
  }

  /** The same options, to write only if the key has no value. */
  public WriteOptions ifAbsent() {
    return new WriteOptions(deadline, ttl, Condition.IF_ABSENT);
  }

  /** The same options, to write only over a value of this version. */
  public WriteOptions ifVersion(long version) {
    return new WriteOptions(deadline, ttl, new Condition.IfVersion(version));
  }
}
