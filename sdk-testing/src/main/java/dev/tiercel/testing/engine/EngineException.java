package dev.tiercel.testing.engine;

import org.jspecify.annotations.Nullable;

/**
 * An engine could not be found, started or controlled; the message says what was tried and what
 * would help.
 */
public final class EngineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EngineException(String message) {
    this(message, null);
  }

  EngineException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
