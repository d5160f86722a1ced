package dev.tiercel.backend;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a backend can do and how much at once.
 *
 * @param maxReadKeys keys in one read, at least 1
 * @param maxWriteMutations mutations in one write, at least 1
 * @param maxKeyBytes bytes of a key in UTF-8, at least 1
 * @param maxValueBytes bytes of an encoded value, at least 1
 * @param features what it can do beyond reading
 */
public record Capabilities(
    int maxReadKeys,
    int maxWriteMutations,
    int maxKeyBytes,
    int maxValueBytes,
    Set<Feature> features) {

  /** Checks the bounds and copies the features. */
  public Capabilities {
    requirePositive("maxReadKeys", maxReadKeys);
    requirePositive("maxWriteMutations", maxWriteMutations);
    requirePositive("maxKeyBytes", maxKeyBytes);
    requirePositive("maxValueBytes", maxValueBytes);
    features = Set.copyOf(features);
  }

  /** Whether the backend has a feature. */
  public boolean has(Feature feature) {
    return features.contains(feature);
  }

  /** The same bounds without some features. */
  public Capabilities without(Set<Feature> removed) {
    var kept = EnumSet.noneOf(Feature.class);
    features.stream().filter(feature -> !removed.contains(feature)).forEach(kept::add);
    return new Capabilities(maxReadKeys, maxWriteMutations, maxKeyBytes, maxValueBytes, kept);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: at least 1)");
    }
  }
}
