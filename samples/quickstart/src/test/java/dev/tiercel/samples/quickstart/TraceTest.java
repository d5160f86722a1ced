package dev.tiercel.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMultiset;
import com.google.common.collect.Multisets;
import com.google.common.primitives.ImmutableLongArray;
import org.junit.jupiter.api.Test;

class TraceTest {

  private static final long SEED = 7;

  @Test
  void zipf_sameSeed_sameTrace() {
    assertThat(Trace.zipf(10_000, SEED)).isEqualTo(Trace.zipf(10_000, SEED));
    assertThat(Trace.zipf(10_000, SEED)).isNotEqualTo(Trace.zipf(10_000, SEED + 1));
  }

  @Test
  void zipf_popularItems_areAskedForAsOftenAsZipfSays() {
    var trace = Trace.zipf(200_000, SEED);
    var counts =
        Multisets.copyHighestCountFirst(ImmutableMultiset.copyOf(trace.items().asList()));

    // The harmonic sum of 20,000 items at 0.99 is about 10.9: the first item has a share of 9 %,
    // the first hundred 49 %.
    var first = counts.entrySet().iterator().next();
    assertThat(first.getElement()).isEqualTo(1L);
    assertThat(first.getCount()).isBetween(17_000, 20_000);
    assertThat(counts.elementSet().stream().limit(100).mapToInt(counts::count).sum())
        .isBetween(90_000, 105_000);
    assertThat(counts.elementSet()).allSatisfy(item -> assertThat(item).isBetween(1L, 20_000L));
    assertThat(counts.elementSet().size()).isGreaterThan(15_000);
  }

  @Test
  void distinct_repeatedItems_onceEachInOrderOfFirstRequest() {
    assertThat(new Trace("some", ImmutableLongArray.of(3, 1, 3, -2, 1)).distinct())
        .containsExactly(3L, 1L, -2L);
  }
}
