package dev.tiercel.testing.run;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Draws numbers so that the n-th is drawn in proportion to 1/n: a few often, most seldom. */
final class Zipf {

  private final double[] cumulated;

  /**
   * Prepares the draw.
   *
   * @param count how many numbers there are, from 0; at least 1
   */
  Zipf(int count) {
    cumulated = new double[count];
    var sum = 0.0;
    for (var i = 0; i < count; i++) {
      sum += 1.0 / (i + 1);
      cumulated[i] = sum;
    }
  }

  int draw(RandomGenerator random) {
    var point = random.nextDouble() * cumulated[cumulated.length - 1];
    var found = Arrays.binarySearch(cumulated, point);
    var index = found >= 0 ? found : -found - 1;
    return Math.min(index, cumulated.length - 1);
  }
}
