package dev.tiercel.error;

import org.jspecify.annotations.Nullable;

/**
 * The call did not end in time. A read did nothing; a write that timed out after it was sent is an
 * {@link OutcomeUnknown}.
 */
public final class DeadlineExceeded extends ServingException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the failure.
   *
   * @param what which deadline passed
   * @param where where it happened
   * @param cause what the backend's client threw, or null
   */
  public DeadlineExceeded(String what, Where where, @Nullable Throwable cause) {
    super(what, where, cause);
  }

  @Override
  public boolean retryable() {
    return true;
  }

  @Override
  public DeadlineExceeded at(Where place) {
    return new DeadlineExceeded(what(), place, this);
  }
}
