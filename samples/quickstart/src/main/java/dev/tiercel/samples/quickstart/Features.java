package dev.tiercel.samples.quickstart;

import dev.tiercel.dynamo.DynamoTable;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The feature vectors of the program. Each is computed from its item and its generation, so that
 * whoever reads one can tell whether it is the right one.
 */
final class Features {

  /** The keyspace they live in. */
  static final String KEYSPACE = "features";

  /** The table they are recorded in. */
  static final DynamoTable TABLE = DynamoTable.managed("features");

  /** The generation that is loaded before anybody is served. */
  static final int FIRST_GENERATION = 1;

  /** How many numbers a vector has: the generation and the features. */
  static final int LENGTH = 32;

  /** The largest generation that a float holds exactly. */
  static final int MAX_GENERATION = 1 << 24;

  private Features() {}

  /** The vector of an item in one of its generations. */
  static float[] of(long item, int generation) {
    var vector = new float[LENGTH];
    vector[0] = generation;
    var random = new SplittableRandom(item * 31 + generation);
    for (var index = 1; index < LENGTH; index++) {
      vector[index] = (float) random.nextDouble();
    }
    return vector;
  }

  /**
   * The generation that a vector of the item is of; 0 if it is none of the item's, whatever it is.
   */
  static int generation(long item, float @Nullable [] vector) {
    if (vector == null
        || vector.length != LENGTH
        || !(vector[0] >= 1 && vector[0] <= MAX_GENERATION)) {
      return 0;
    }
    var generation = (int) vector[0];
    return Arrays.equals(vector, of(item, generation)) ? generation : 0;
  }
}
