package dev.tiercel.error;

/**
 * A write's condition was not met: nothing was written. Carries the version that stood in the way.
 */
public final class Conflict extends ServingException {

  private static final long serialVersionUID = 1L;

  private final long storedVersion;

  /**
   * Creates the failure.
   *
   * @param what the condition that was not met
   * @param where where it happened
   * @param storedVersion the version the store holds, or 0 if it holds none or did not say
   */
  public Conflict(String what, Where where, long storedVersion) {
    this(what, where, storedVersion, null);
  }

  private Conflict(
      String what,
      Where where,
      long storedVersion,
      @org.jspecify.annotations.Nullable Throwable cause) {
    super(what, where, cause);
    this.storedVersion = storedVersion;
  }

  /** The version the store holds, or 0 if it holds none or did not say. */
  public long storedVersion() {
    return storedVersion;
  }

  @Override
  public boolean retryable() {
    return false;
  }

  @Override
  public Conflict at(Where place) {
    return new Conflict(what(), place, storedVersion, this);
  }
}
