package dev.tiercel.error;

import org.jspecify.annotations.Nullable;

/** A backend cannot be reached or cannot serve: nothing was done. */
public final class Unavailable extends ServingException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the failure.
   *
   * @param what what is unavailable and why
   * @param where where it happened
   * @param cause what the backend's client threw, or null
   */
  public Unavailable(String what, Where where, @Nullable Throwable cause) {
    super(what, where, cause);
  }

  @Override
  public boolean retryable() {
    return true;
  }

  @Override
  public Unavailable at(Where place) {
    return new Unavailable(what(), place, this);
  }
}
