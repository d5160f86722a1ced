package dev.tiercel.testing.check;

/**
 * One thing a process did to a keyspace, from the moment before the call to the moment after it.
 *
 * <p>Times are {@link System#nanoTime()} of one machine, whose monotonic clock all its processes
 * share; the processes are told apart by number. A process that is started again is another one.
 */
public sealed interface Operation {

  /** The number of the process. */
  int process();

  /** When the call began. */
  long startNanos();

  /** When the call had ended; {@link Long#MAX_VALUE} if the process ended first. */
  long endNanos();

  /**
   * A read.
   *
   * @param process the number of the process
   * @param key the key
   * @param startNanos when the call began
   * @param endNanos when it had ended
   * @param answer what it was told
   * @param atLeast the smallest version it asked for, 0 for any
   * @param maxStalenessNanos how long ago the source may have held the answer, 0 to ask the source
   *     itself; {@link #KEYSPACE_BOUND} if the read had no bound of its own
   */
  record Read(
      int process,
      String key,
      long startNanos,
      long endNanos,
      Answer answer,
      long atLeast,
      long maxStalenessNanos)
      implements Operation {

    /** In place of a bound of its own. */
    public static final long KEYSPACE_BOUND = -1;

    /** A read under the keyspace's bound. */
    public Read(
        int process, String key, long startNanos, long endNanos, Answer answer, long atLeast) {
      this(process, key, startNanos, endNanos, answer, atLeast, KEYSPACE_BOUND);
    }
  }

  /**
   * A write.
   *
   * @param process the number of the process
   * @param key the key
   * @param kind what was written
   * @param id the number of the write, unlike that of any other: a put writes it as the value
   * @param startNanos when the call began
   * @param endNanos when it had ended
   * @param outcome what became of it
   */
  record Write(
      int process, String key, Kind kind, long id, long startNanos, long endNanos, Outcome outcome)
      implements Operation {}

  /**
   * An invalidation: what was cached before it is not to be served as fresh after it.
   *
   * @param process the number of the process
   * @param scope what it reaches
   * @param startNanos when the call began
   * @param endNanos when it had ended
   * @param outcome what became of it; an acknowledgement has no version that matters
   */
  record Barrier(int process, Scope scope, long startNanos, long endNanos, Outcome outcome)
      implements Operation {}

  /** What a write writes. */
  enum Kind {
    /** A value. */
    PUT,
    /** A deletion. */
    REMOVE
  }
}
