package dev.tiercel.samples.quickstart;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What has been written of each item, so that every read can be checked: it must return the item's
 * own vector, of a generation not older than the last one acknowledged when the read began and not
 * newer than the latest one started.
 *
 * <p>An item has one write on its way at a time, so that its generations follow each other as its
 * versions do. Thread-safe.
 */
final class Ledger {

  /** One item's generations. */
  private static final class Page {
    private volatile int acknowledged = Features.FIRST_GENERATION;
    private volatile int started = Features.FIRST_GENERATION;
    private boolean writing;

    synchronized int begin() {
      if (writing || started == Features.MAX_GENERATION) {
        return 0;
      }
      writing = true;
      return ++started;
    }

    synchronized void end(int generation, boolean success) {
      writing = false;
      if (success) {
        acknowledged = generation;
      }
    }
  }

  private final Map<Long, Page> pages;

  /** Begins with items whose first generation is acknowledged. */
  Ledger(Iterable<Long> items) {
    var all = new HashMap<Long, Page>();
    items.forEach(item -> all.put(item, new Page()));
    this.pages = all;
  }

  /** The last acknowledged generation of an item: what a read that begins now must see at least. */
  int acknowledged(long item) {
    return page(item).acknowledged;
  }

  /**
   * Starts the next generation of an item and returns it; 0 if a write of the item is still on its
   * way.
   */
  int begin(long item) {
    return page(item).begin();
  }

  /** The write of a generation was acknowledged. */
  void acknowledge(long item, int generation) {
    page(item).end(generation, true);
  }

  /** The write of a generation failed: it may or may not be seen. */
  void fail(long item, int generation) {
    page(item).end(generation, false);
  }

  /**
   * Checks what a read returned.
   *
   * @param item the item that was read
   * @param floor what {@link #acknowledged} said before the read began
   * @param vector what was read, null if nothing was found
   * @return what is wrong with it, empty if nothing is
   */
  Optional<String> mismatch(long item, int floor, float @Nullable [] vector) {
    var ceiling = page(item).started;
    var generation = Features.generation(item, vector);
    if (generation >= floor && generation <= ceiling) {
      return Optional.empty();
    }
    var found = vector == null
        ? "absent"
        : generation == 0 ? "not a vector of this item" : "generation " + generation;
    return Optional.of(
        "item " + item + ": " + found + " (expected: generation " + floor + " to " + ceiling + ")");
  }

  private Page page(long item) {
    var page = pages.get(item);
    if (page == null) {
      throw new IllegalArgumentException("item: " + item + " (expected: one of the trace)");
    }
    return page;
  }
}
