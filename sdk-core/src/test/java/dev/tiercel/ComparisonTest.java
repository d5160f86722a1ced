package dev.tiercel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Origin;
import dev.tiercel.backend.Staleness;
import dev.tiercel.codec.Codec;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.ValueFormat;
import dev.tiercel.observe.ProbeResult.Verdict;
import dev.tiercel.tier.LocalEntry;
import dev.tiercel.tier.Times;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Values without versions are the same by what is in them. */
class ComparisonTest {

  /** A value that does not know how to compare. */
  private static final class Opaque {
    final String text;

    Opaque(String text) {
      this.text = text;
    }
  }

  private static final Codec<Opaque> OPAQUE = new Codec<>() {
    @Override
    public int id() {
      return 1000;
    }

    @Override
    public byte[] encode(Opaque value) {
      return value.text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Opaque decode(byte[] bytes) {
      return new Opaque(new String(bytes, StandardCharsets.UTF_8));
    }
  };

  private static <V> Verdict verdict(Codec<V> codec, V answer, V told) {
    var comparison = new Comparison<>(new ValueFormat<>(codec, 1000));
    return comparison.verdict(entry(answer), 0, entry(told));
  }

  private static <V> LocalEntry<V> entry(V value) {
    var times = new Times(0, 0, 0, 0, 0, 0, 0);
    return new LocalEntry<>(value, 0, times, 0, 0, 0, Origin.source(""), Staleness.FRESH);
  }

  @Test
  void verdict_arrays_areComparedByTheirElements() {
    assertThat(verdict(Codecs.bytes(), new byte[] {1}, new byte[] {1})).isEqualTo(Verdict.SAME);
    assertThat(verdict(Codecs.bytes(), new byte[] {1}, new byte[] {2}))
        .isEqualTo(Verdict.DIFFERENT);
  }

  @Test
  void verdict_valuesWithoutEquals_areComparedByWhatIsWrittenOfThem() {
    assertThat(verdict(OPAQUE, new Opaque("a"), new Opaque("a"))).isEqualTo(Verdict.SAME);
    assertThat(verdict(OPAQUE, new Opaque("a"), new Opaque("b"))).isEqualTo(Verdict.DIFFERENT);
  }
}
