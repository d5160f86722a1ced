package dev.tiercel.guard;

/** What the end of a call says about how busy an endpoint is. */
public enum Signal {
  /** It answered: the time it took counts. */
  ANSWERED,
  /**
   * It had too much to do: it asked for less, or did not answer in time. The call took at least so
   * long.
   */
  DROPPED,
  /** Neither: the call was given up or failed. It took at least so long. */
  IGNORED
}
