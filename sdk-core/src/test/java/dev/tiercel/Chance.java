package dev.tiercel;

import java.util.random.RandomGenerator;

/**
 * Chance that a test decides: every number lies at the same fraction of its range, at its beginning
 * unless the test says otherwise.
 */
final class Chance implements RandomGenerator {

  private double fraction;

  /** From now on numbers lie here: 0 for the least, nearly 1 for the most. */
  void at(double part) {
    fraction = part;
  }

  @Override
  public double nextDouble() {
    return fraction;
  }

  @Override
  public long nextLong(long bound) {
    return (long) (fraction * bound);
  }

  @Override
  public long nextLong() {
    throw new UnsupportedOperationException("nextLong: not staged (expected: a bounded number)");
  }
}
