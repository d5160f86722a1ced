package dev.tiercel.region;

import java.util.random.RandomGenerator;

/** Chance of which every number lies at the same fraction of its range. */
record Fraction(double part) implements RandomGenerator {

  @Override
  public double nextDouble() {
    return part;
  }

  @Override
  public long nextLong() {
    throw new UnsupportedOperationException("nextLong: not staged (expected: a fraction)");
  }
}
