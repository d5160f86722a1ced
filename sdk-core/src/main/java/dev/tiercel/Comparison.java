package dev.tiercel;

import dev.tiercel.codec.ValueFormat;
import dev.tiercel.observe.ProbeResult.Verdict;
import dev.tiercel.tier.LocalEntry;
import dev.tiercel.time.Version;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How an answer compares with what the source of record says later: by their versions if they have
 * any, by their values if not.
 */
record Comparison<V>(ValueFormat<V> format) {

  /**
   * In 2004. A version from before is none of a hybrid clock's, but a counter, say, of whoever else
   * writes the table: it orders writes and does not tell their time.
   */
  private static final long FIRST_MILLIS = 1L << 40;

  /**
   * Compares.
   *
   * @param answer what was answered
   * @param millis when, by the wall clock
   * @param told what the source says
   * @return {@link Verdict#DIFFERENT} if the source does not tell since when it holds something
   *     else
   */
  Verdict verdict(LocalEntry<V> answer, long millis, LocalEntry<V> told) {
    if (isSame(answer, told)) {
      return Verdict.SAME;
    }
    if (told.version() == Version.NONE || told.version() == answer.version()) {
      return Verdict.DIFFERENT;
    }
    if (told.version() < answer.version()) {
      return Verdict.AHEAD;
    }
    var written = Version.millis(told.version());
    if (written < FIRST_MILLIS) {
      return Verdict.DIFFERENT;
    }
    return written < millis ? Verdict.OVERTAKEN : Verdict.WRITTEN_SINCE;
  }

  private boolean isSame(LocalEntry<V> answer, LocalEntry<V> told) {
    var one = answer.value();
    var other = told.value();
    if (one == null || other == null) {
      return one == null && other == null;
    }
    return answer.version() == told.version()
        && (told.version() != Version.NONE || isEqual(one, other));
  }

  /**
   * Arrays by what is in them; values that do not know how to compare by what is written of them.
   */
  private boolean isEqual(V one, V other) {
    return Objects.deepEquals(one, other) || Arrays.equals(written(one), written(other));
  }

  private byte @Nullable [] written(V value) {
    return format.encode(value, Version.NONE, 0, 0, 0).payload();
  }
}
