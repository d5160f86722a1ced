package dev.tiercel.tier;

import static dev.tiercel.tier.OneKey.KEY;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiercel.coherence.Fences;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Loads, writes and invalidations of a key in every order: what a process reads through its local
 * tier is what it would read at the source, for whoever begins after a write has ended.
 */
@Tag("interleavings")
class LocalTierInterleavingsTest {

  @Test
  void readsAndWrites_inAnyOrder_areThoseOfTheSource() {
    Interleavings.of(ReadThrough.class, Source.class)
        .race("read", "writeElsewhere read")
        .race("read", "write read")
        .race("write", "writeElsewhere read")
        .race("write", "write read")
        .race("read read", "write writeElsewhere read")
        .race("write", "writeElsewhere", "read read")
        .assertLinearizable();
  }

  @Test
  void fence_raisedByTwo_isRaisedTwice() {
    Interleavings.of(Fence.class, Counter.class)
        .race("raise", "raise current")
        .race("raise", "raise current raise current")
        .assertLinearizable();
  }

  @Test
  void loadThatNotesItsFenceTooLate_isCaught() {
    var late =
        Interleavings.of(FencedTooLate.class, Source.class).race("read", "writeElsewhere read");

    assertThatThrownBy(late::assertLinearizable).isInstanceOf(LincheckAssertionError.class);
  }

  /** A key read through a local tier, as the facade does it. */
  public static class ReadThrough {

    final LocalTier<String, Long> tier = OneKey.tier();
    final AtomicLong source = new AtomicLong(1);

    /** What is here, else what the source has, which is kept. */
    public long read() {
      var hit = tier.get(KEY);
      return hit == null ? load() : hit.version();
    }

    long load() {
      var fence = tier.fence(KEY);
      return fill(source.get(), fence);
    }

    final long fill(long found, long fence) {
      tier.fill(KEY, OneKey.entry(found), fence);
      return found;
    }

    /** A write of this process. */
    public long write() {
      var fence = tier.fence(KEY);
      var version = source.incrementAndGet();
      tier.store(KEY, OneKey.entry(version), fence);
      return version;
    }

    /** A write of another process, over when this one has heard of it. */
    public long writeElsewhere() {
      var version = source.incrementAndGet();
      tier.forget(KEY);
      return version;
    }
  }

  /** Shows that the search finds a stale fill where there is one. */
  public static final class FencedTooLate extends ReadThrough {

    @Override
    long load() {
      var found = source.get();
      return fill(found, tier.fence(KEY));
    }
  }

  /** The fence of one key. */
  public static final class Fence {

    private final Fences fences = new Fences();

    /** The fence before. */
    public long raise() {
      return fences.raise(KEY);
    }

    /** The fence as it stands. */
    public long current() {
      return fences.current(KEY);
    }
  }

  /** The model of a fence. */
  public static final class Counter {

    private long count;

    /** The count before. */
    public long raise() {
      return count++;
    }

    /** The count as it stands. */
    public long current() {
      return count;
    }
  }
}
