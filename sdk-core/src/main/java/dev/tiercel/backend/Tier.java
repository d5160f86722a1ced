package dev.tiercel.backend;

/** A backend's place in the path. */
public enum Tier {
  /** The cache in this process. */
  LOCAL,
  /** The shared cache. */
  REMOTE,
  /** The source of record: what it says is true. */
  SOURCE
}
