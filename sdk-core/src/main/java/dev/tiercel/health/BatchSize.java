package dev.tiercel.health;

/**
 * Classes of batches by their keys: what is quick for one size is slow for another, so whoever
 * judges latencies keeps them apart. Each class holds batches about eight times as large as the one
 * before.
 */
public final class BatchSize {

  /** How many classes there are. */
  public static final int CLASSES = 4;

  private BatchSize() {}

  /**
   * The class of a batch.
   *
   * @param keys how many keys or mutations it has
   * @return 0 for one, 1 for up to 8, 2 for up to 64, 3 for more
   */
  public static int classOf(int keys) {
    return keys <= 1 ? 0 : keys <= 8 ? 1 : keys <= 64 ? 2 : 3;
  }
}
