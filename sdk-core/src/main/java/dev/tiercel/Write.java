package dev.tiercel;

import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import java.util.concurrent.CompletableFuture;

/**
 * One key's write on its way, checked and encoded. Changed by one thread at a time: whoever handles
 * its last outcome.
 */
final class Write<K> {

  final K key;
  final String text;
  final Condition condition;

  /** Completes with the version the write was given, or fails typed. */
  final CompletableFuture<Long> done = new CompletableFuture<>();

  /** The key's local fence, noted before the source was asked. */
  private long fence;

  private String region = "";

  /** What to write, with the version proposed last. */
  private EncodedEntry entry;

  Write(K key, String text, EncodedEntry entry, Condition condition) {
    this.key = key;
    this.text = text;
    this.entry = entry;
    this.condition = condition;
  }

  /**
   * Notes the key's local fence and the barriers known; before each try.
   *
   * @param inRegion the region in whose time barriers are told, found before {@code barrier} was
   */
  void note(long current, String inRegion, long barrier) {
    fence = current;
    region = inRegion;
    entry = entry.withBarrier(barrier);
  }

  /** The region in whose time the entry's barrier is told. */
  String region() {
    return region;
  }

  long fence() {
    return fence;
  }

  EncodedEntry entry() {
    return entry;
  }

  void propose(long version) {
    entry = entry.withVersion(version);
  }
}
