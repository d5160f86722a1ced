package dev.tiercel.error;

import org.jspecify.annotations.Nullable;

/**
 * A call that did not do what was asked, as one of a closed set of reasons.
 *
 * <p>Messages say what happened and where; they never hold values or credentials. Instances are
 * immutable and may be shared by every caller that waited for the same load.
 */
public abstract sealed class ServingException extends RuntimeException
    permits CodecFailure,
        Conflict,
        DeadlineExceeded,
        InvalidRequest,
        OutcomeUnknown,
        Overloaded,
        Throttled,
        Unavailable {

  private static final long serialVersionUID = 1L;

  private final String what;
  private final Where where;

  ServingException(String what, Where where, @Nullable Throwable cause) {
    super(where.equals(Where.NOWHERE) ? what : what + " [" + where + "]", cause);
    this.what = what;
    this.where = where;
  }

  /** What happened, without the place. */
  public final String what() {
    return what;
  }

  /** Where it happened and what had been done by then. */
  public final Where where() {
    return where;
  }

  /** Whether the same call may succeed if it is made again later. */
  public abstract boolean retryable();

  /**
   * The same failure told from another place, with this one as its cause: what a caller gets from a
   * shared load, with the caller's own stack trace.
   */
  public abstract ServingException at(Where where);
}
