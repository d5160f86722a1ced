package dev.tiercel.health;

/** How a region is doing, as far as what is asked of it tells. */
public enum RegionState {
  /** It answers, as fast as it used to. */
  HEALTHY,
  /** It answers, but much slower than it used to, or keeps being beaten by another region. */
  DEGRADED,
  /** It does not answer, and is not asked until its hold-down is over. */
  DOWN,
  /** It was down; copies of reads find out whether it is well again. */
  PROBING,
  /** It is well again and gets a growing share of the keys. */
  RAMPING,
  /** An operator has taken it out of use. */
  DRAINED
}
