package dev.tiercel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class GivenTest {

  private static final long SEED = 42;

  @Test
  void edgesComeFirst() {
    var numbers = new ArrayList<Integer>();
    Given.forAll(SEED, 0, given -> numbers.add(given.integer("number", -1, 300)));

    assertThat(numbers).containsExactly(-1, 300, 0, 1, 127, 128, 255, 256);
  }

  @Test
  void chanceReachesAllThatIsAllowedAndNothingElse() {
    var numbers = new HashSet<Integer>();
    var lengths = new HashSet<Integer>();
    Given.forAll(SEED, 2_000, given -> {
      numbers.add(given.integer("number", 5, 9));
      lengths.add(given.bytes("bytes", 2, 4).length);
      assertThat(given.number("one", 7, 7)).isEqualTo(7);
      assertThat(given.text("text", 6)).hasSizeLessThanOrEqualTo(6);
    });

    assertThat(numbers).containsExactlyInAnyOrder(5, 6, 7, 8, 9);
    assertThat(lengths).containsExactlyInAnyOrder(2, 3, 4);
  }

  @Test
  void sameSeed_givesTheSame() {
    assertThat(given(SEED)).isEqualTo(given(SEED)).isNotEqualTo(given(SEED + 1));
  }

  @Test
  void failure_saysHowToRepeatItAndWhatWasGivenInShort() {
    var cause = new IllegalStateException("broken");

    assertThatThrownBy(() -> Given.forAll(SEED, 10, given -> {
          var bytes = given.bytes("bytes", 0, 1_000);
          given.text("text", 20);
          if (bytes.length == 1_000) {
            throw cause;
          }
        }))
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            "case 6 failed, given bytes: 1000 bytes [00000000000000000000000000000000...], text: 1 chars \"\\u07FF\";"
                + " repeat with -Dtiercel.seed=42")
        .cause()
        .isSameAs(cause);
  }

  @Test
  void failure_ofManyValues_namesTheFirst() {
    assertThatThrownBy(() -> Given.forAll(SEED, 0, given -> {
          for (var i = 0; i < 1_000; i++) {
            given.integer("n", 0, 9);
          }
          throw new IllegalStateException("broken");
        }))
        .message()
        .endsWith("n: 0, n: 0, ...; repeat with -Dtiercel.seed=42")
        .hasSizeLessThan(200);
  }

  private static List<String> given(long seed) {
    var all = new ArrayList<String>();
    Given.forAll(
        seed,
        20,
        given -> all.add(given.number("n", Long.MIN_VALUE, Long.MAX_VALUE) + given.text("t", 9)));
    return all;
  }
}
