package dev.tiercel.observe;

/** Why keys of a read are asked of another region. */
public enum Detour {
  /** The region before failed them, or refused to be asked. */
  FAILED,
  /** The region before is slow. */
  SLOW,
  /** The region before has not received what the reader must see. */
  BEHIND
}
