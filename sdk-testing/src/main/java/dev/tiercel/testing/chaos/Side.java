package dev.tiercel.testing.chaos;

/** An end of a connection. */
public enum Side {
  /** Who connected. */
  CLIENT,
  /** Who was connected to. */
  SERVER
}
