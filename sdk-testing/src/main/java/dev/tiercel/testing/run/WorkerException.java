package dev.tiercel.testing.run;

/** A worker did not do what it was asked; the message says what, and how its log ends. */
public final class WorkerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WorkerException(String message) {
    super(message);
  }
}
