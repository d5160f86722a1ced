package dev.tiercel.error;

import org.jspecify.annotations.Nullable;

/**
 * A write was sent and no answer came: it may or may not have been applied. Every tier forgets the
 * key, so the next read asks the source.
 */
public final class OutcomeUnknown extends ServingException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the failure.
   *
   * @param what what was sent and why its answer is missing
   * @param where where it happened
   * @param cause what the backend's client threw, or null
   */
  public OutcomeUnknown(String what, Where where, @Nullable Throwable cause) {
    super(what, where, cause);
  }

  @Override
  public boolean retryable() {
    return false;
  }

  @Override
  public OutcomeUnknown at(Where place) {
    return new OutcomeUnknown(what(), place, this);
  }
}
