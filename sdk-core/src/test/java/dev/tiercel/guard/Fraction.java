package dev.tiercel.guard;

import java.util.random.RandomGenerator;

/** Chance that a test decides: every number lies at the same fraction of its range. */
record Fraction(double value) implements RandomGenerator {

  @Override
  public double nextDouble() {
    return value;
  }

  @Override
  public long nextLong() {
    throw new UnsupportedOperationException("nextLong: not staged (expected: a fraction)");
  }
}
