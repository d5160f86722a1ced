package dev.tiercel.observe;

import java.time.Duration;

/**
 * One attempt at an endpoint, told when its end is known.
 *
 * @param write whether it was a write
 * @param number which attempt of its call, from 1
 * @param keys how many keys or mutations it asked for
 * @param took how long until its answer, or until it was given up
 * @param result what became of it
 */
public record Attempt(boolean write, int number, int keys, Duration took, Result result) {

  /** What became of an attempt. */
  public enum Result {
    /** The endpoint answered, perhaps with failures of single keys. */
    ANSWERED,
    /** The endpoint asked for less. */
    THROTTLED,
    /** The attempt failed as a whole. */
    FAILED,
    /** The deadline passed first. */
    LATE,
    /** Given up, because another attempt won or the caller went away. */
    CANCELLED
  }
}
