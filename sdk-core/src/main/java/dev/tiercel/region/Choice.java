package dev.tiercel.region;

import java.util.List;

/** Which regions a key is read in, and in which order. Thread-safe. */
interface Choice {

  /** The region whose feed this process follows, and which gets most of its reads. */
  Candidate current();

  /**
   * Where a key is read: the region to ask first, then those to ask if it fails, is slow or is
   * behind. Never empty. Regions that are drained are last and only there if there is no other.
   *
   * @param key the key's text; keys of equal order share a list, which callers may compare by
   *     identity to keep a batch together
   */
  List<Candidate> order(String key, long nowNanos);

  /** All of them, nearest first. */
  List<Candidate> all();

  /**
   * A region that may be asked.
   *
   * @param region what it is
   * @param health how it is doing
   */
  record Candidate(Region region, RegionHealth health) {}
}
