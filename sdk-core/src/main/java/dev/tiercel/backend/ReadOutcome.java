package dev.tiercel.backend;

import dev.tiercel.error.ServingException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a read found for one key. */
public sealed interface ReadOutcome {

  /** The version of the value, or of the tombstone; 0 if there is none or it is not known. */
  long version();

  /**
   * The key has a value.
   *
   * @param entry the value with its version and times; never a tombstone
   * @param origin where it came from
   */
  record Found(EncodedEntry entry, Origin origin) implements ReadOutcome {
    /** Refuses a tombstone: a deleted key is {@link Absent}. */
    public Found {
      if (entry.isTombstone()) {
        throw new IllegalArgumentException("entry: a tombstone (expected: a value)");
      }
    }

    @Override
    public long version() {
      return entry.version();
    }
  }

  /**
   * The key has no value.
   *
   * @param tombstone the mark of its deletion, if the backend still has it: then the absence is
   *     known; null if the backend simply does not know the key
   * @param origin where the answer came from
   * @param lease what became of the lease that was asked for
   * @param unreadable why the bytes that were there could not be used, null if there were none;
   *     such a miss is counted and the fill under its lease replaces the bytes
   * @param mark the largest version known to exist elsewhere while the backend holds nothing that
   *     new, see {@link Mutation.Mark}; 0 if none is: whoever loads something older finds a source
   *     that is behind, and does not fill
   */
  record Absent(
      @Nullable EncodedEntry tombstone,
      Origin origin,
      Lease lease,
      @Nullable String unreadable,
      long mark)
      implements ReadOutcome {

    /** An absence without a mark. */
    public Absent(
        @Nullable EncodedEntry tombstone, Origin origin, Lease lease, @Nullable String unreadable) {
      this(tombstone, origin, lease, unreadable, 0);
    }

    /** A key the backend does not know. */
    public static Absent unknown(Origin origin) {
      return missing(origin, Lease.NONE, 0);
    }

    /** A key the backend does not know, with what became of the lease, and the mark. */
    public static Absent missing(Origin origin, Lease lease, long mark) {
      return new Absent(null, origin, lease, null, mark);
    }

    /** A key that was deleted. */
    public static Absent deleted(EncodedEntry tombstone, Origin origin) {
      return new Absent(tombstone, origin, Lease.NONE, null);
    }

    @Override
    public long version() {
      return tombstone == null ? 0 : tombstone.version();
    }
  }

  /**
   * The key could not be read. Never to be taken for a miss.
   *
   * @param cause why
   * @param older what the source of record holds, if the cause is that it is older than the
   *     {@link Freshness#atLeast} of the request, else null; never itself a failure
   */
  record Failed(ServingException cause, @Nullable ReadOutcome older) implements ReadOutcome {
    /** Requires a cause. */
    public Failed {
      Objects.requireNonNull(cause, "cause");
    }

    /** A key of which nothing is known. */
    public Failed(ServingException cause) {
      this(cause, null);
    }

    /** That of what is older, or 0. */
    @Override
    public long version() {
      return older == null ? 0 : older.version();
    }
  }
}
