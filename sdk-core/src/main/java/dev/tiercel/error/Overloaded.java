package dev.tiercel.error;

import org.jspecify.annotations.Nullable;

/**
 * Refused here, before any I/O, because a bound was reached (calls in flight, queue, concurrency).
 * Nothing was done.
 */
public final class Overloaded extends ServingException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the failure.
   *
   * @param what the bound, as {@code name: value (expected: ...)}
   * @param where where it happened
   * @param cause what the backend's client threw, or null
   */
  public Overloaded(String what, Where where, @Nullable Throwable cause) {
    super(what, where, cause);
  }

  @Override
  public boolean retryable() {
    return true;
  }

  @Override
  public Overloaded at(Where place) {
    return new Overloaded(what(), place, this);
  }
}
