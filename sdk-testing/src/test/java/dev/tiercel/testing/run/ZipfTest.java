package dev.tiercel.testing.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ZipfTest {

  @Test
  void draw_oftenEnough_theFirstInProportionAndEveryNumberAtLeastOnce() {
    var zipf = new Zipf(100);
    var random = new Random(1);
    var drawn = new int[100];
    for (var i = 0; i < 100_000; i++) {
      drawn[zipf.draw(random)]++;
    }
    assertThat(drawn[0]).isBetween(2 * drawn[1] * 9 / 10, 2 * drawn[1] * 11 / 10);
    assertThat(drawn).doesNotContain(0);
  }

  @Test
  void draw_oneNumber_isThatNumber() {
    assertThat(new Zipf(1).draw(new Random(1))).isZero();
  }
}
