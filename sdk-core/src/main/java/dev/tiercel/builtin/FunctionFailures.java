package dev.tiercel.builtin;

import dev.tiercel.backend.Completions;
import dev.tiercel.backend.Mutation;
import dev.tiercel.codec.Codec;
import dev.tiercel.error.CodecFailure;
import dev.tiercel.error.InvalidRequest;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** What a source made of functions says when a call cannot be made or does not end well. */
final class FunctionFailures {

  private static final Where HERE = Where.at(LoadingBackend.NAME, "");

  private FunctionFailures() {}

  static ServingException ofRead(Throwable failure) {
    var cause = Completions.cause(failure);
    if (cause instanceof RejectedExecutionException refused) {
      return refused(refused);
    }
    return cause instanceof ServingException typed
        ? typed
        : new Unavailable(failed(cause), HERE, cause);
  }

  /**
   * A writer may have written before it threw, whatever it threw, unless it says otherwise itself.
   */
  static ServingException ofWrite(Throwable failure) {
    var cause = Completions.cause(failure);
    return cause instanceof ServingException typed
        ? typed
        : new OutcomeUnknown(failed(cause), HERE, cause);
  }

  /** An executor had no room: nothing was called. */
  static Overloaded refused(RejectedExecutionException cause) {
    return new Overloaded("executor: refused the call (expected: room for it)", HERE, cause);
  }

  static Unavailable noAnswer() {
    return new Unavailable("function: returned null (expected: a map)", HERE, null);
  }

  static InvalidRequest badKey(@Nullable Throwable cause) {
    return new InvalidRequest(
        "key: refused by its format (expected: one it can parse)", HERE, cause);
  }

  static InvalidRequest cannot(Mutation mutation) {
    var kind = mutation.getClass().getSimpleName() + " under "
        + mutation.condition().getClass().getSimpleName();
    return new InvalidRequest(
        "write: " + kind + " (expected: what the function can do)", HERE, null);
  }

  static CodecFailure codec(Codec<?> codec, String verb, Throwable cause) {
    return new CodecFailure("codec: " + codec.id() + " cannot " + verb + " the value", HERE, cause);
  }

  static Unavailable closed() {
    return new Unavailable("backend: closed (expected: open)", HERE, null);
  }

  private static String failed(Throwable cause) {
    return "function: failed with " + cause.getClass().getSimpleName();
  }
}
