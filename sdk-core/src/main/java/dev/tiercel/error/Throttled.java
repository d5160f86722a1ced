package dev.tiercel.error;

import org.jspecify.annotations.Nullable;

/** A backend asked for less: it refused the call because of its rate. Nothing was done. */
public final class Throttled extends ServingException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the failure.
   *
   * @param what which limit the backend named
   * @param where where it happened
   * @param cause what the backend's client threw, or null
   */
  public Throttled(String what, Where where, @Nullable Throwable cause) {
    super(what, where, cause);
  }

  @Override
  public boolean retryable() {
    return true;
  }

  @Override
  public Throttled at(Where place) {
    return new Throttled(what(), place, this);
  }
}
