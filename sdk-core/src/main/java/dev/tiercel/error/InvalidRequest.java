package dev.tiercel.error;

import org.jspecify.annotations.Nullable;

/**
 * The request can never succeed: a null or oversize key, an oversize value, a bad option. Thrown
 * before any I/O.
 */
public final class InvalidRequest extends ServingException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the failure.
   *
   * @param what the argument, as {@code name: value (expected: ...)}
   * @param where where it happened
   * @param cause what the backend's client threw, or null
   */
  public InvalidRequest(String what, Where where, @Nullable Throwable cause) {
    super(what, where, cause);
  }

  @Override
  public boolean retryable() {
    return false;
  }

  @Override
  public InvalidRequest at(Where place) {
    return new InvalidRequest(what(), place, this);
  }
}
