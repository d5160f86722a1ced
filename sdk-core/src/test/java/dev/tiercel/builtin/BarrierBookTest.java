package dev.tiercel.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Barriers;
import org.junit.jupiter.api.Test;

class BarrierBookTest {

  private final BarrierBook book = new BarrierBook();

  @Test
  void raise_isTheTimeInMicroseconds_orOneMoreThanTheLast() {
    assertThat(book.raise("k", "a", 1_000)).isEqualTo(1_000_000);
    assertThat(book.raise("k", "b", 1_000)).isEqualTo(1_000_001);
    // The clock went back.
    assertThat(book.raise("k", Barriers.ALL, 5)).isEqualTo(1_000_002);
    assertThat(book.raise("k", "a", 2_000)).isEqualTo(2_000_000);
    assertThat(book.raise("another", "a", 5)).isEqualTo(5_000);
  }

  @Test
  void since_whatIsKnown_isLeftOut() {
    book.raise("k", "a", 1);
    book.raise("k", "b", 2);
    book.raise("k", "a", 3);

    assertThat(book.since("k", 0)).isEqualTo(Barriers.of("a", 3_000).and(Barriers.of("b", 2_000)));
    assertThat(book.since("k", 2_000)).isEqualTo(Barriers.of("a", 3_000));
    assertThat(book.since("k", 3_000)).isEqualTo(Barriers.NONE);
    assertThat(book.since("k", Long.MAX_VALUE)).isEqualTo(Barriers.NONE);
    assertThat(book.since("another", 0)).isEqualTo(Barriers.NONE);
  }

  @Test
  void raise_ofTheWholeKeyspace_saysWhatAllOthersSaid() {
    book.raise("k", "a", 1);
    book.raise("k", Barriers.ALL, 2);
    book.raise("k", "b", 3);

    assertThat(book.ofAll("k")).isEqualTo(2_000);
    assertThat(book.since("k", 0))
        .isEqualTo(Barriers.of(Barriers.ALL, 2_000).and(Barriers.of("b", 3_000)));
    assertThat(book.since("k", 2_000)).isEqualTo(Barriers.of("b", 3_000));
  }

  @Test
  void raise_tooManyGroups_oldestOnesBecomeTheWholeKeyspaces() {
    for (var group = 1; group <= BarrierBook.MAX_GROUPS; group++) {
      book.raise("k", "group" + group, group);
    }
    // Raised again, so not the oldest any more.
    book.raise("k", "group1", 20_000);
    assertThat(book.ofAll("k")).isZero();

    book.raise("k", "one more", 20_001);
    var all = book.since("k", 0);

    assertThat(book.ofAll("k")).isEqualTo(2_000);
    assertThat(all.of(Barriers.ALL)).isEqualTo(2_000);
    assertThat(all.byGroup()).hasSize(BarrierBook.MAX_GROUPS + 1).doesNotContainKey("group2");
    assertThat(all.of("group1")).isEqualTo(20_000_000);
    assertThat(all.seen()).isEqualTo(20_001_000);
  }
}
