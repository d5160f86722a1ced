package dev.tiercel.error;

import org.jspecify.annotations.Nullable;

/** A value could not be encoded, or what the source of record holds could not be decoded. */
public final class CodecFailure extends ServingException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the failure.
   *
   * @param what which codec failed, never the value
   * @param where where it happened
   * @param cause what the backend's client threw, or null
   */
  public CodecFailure(String what, Where where, @Nullable Throwable cause) {
    super(what, where, cause);
  }

  @Override
  public boolean retryable() {
    return false;
  }

  @Override
  public CodecFailure at(Where place) {
    return new CodecFailure(what(), place, this);
  }
}
