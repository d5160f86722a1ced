package dev.tiercel.dynamo;

import dev.tiercel.backend.Occupancy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * How long one call occupies DynamoDB: until its own future has ended and every request it has sent
 * is really gone. Once it is over nothing more is sent for the call: nobody would count it.
 * Thread-safe.
 */
final class Stay {

  /** The call itself and its requests. */
  private final AtomicInteger present = new AtomicInteger(1);

  private final CompletableFuture<Boolean> end = new CompletableFuture<>();

  private Stay() {}

  /**
   * Makes a call whose stay is told of.
   *
   * @return the call's answer, ended only after its stay if nothing outlives it
   */
  static <T> CompletableFuture<T> during(
      Occupancy occupancy, Function<Stay, CompletableFuture<T>> call) {
    var stay = new Stay();
    occupancy.until(stay.end);
    try {
      return Cancels.after(call.apply(stay), stay::leave);
    } catch (RuntimeException | Error thrown) {
      stay.leave();
      throw thrown;
    }
  }

  /**
   * Adds a request.
   *
   * @return false if the stay is over, which it is when a cancel was faster
   */
  boolean enter() {
    return present.updateAndGet(count -> count == 0 ? 0 : count + 1) > 0;
  }

  /** Takes the call or one of its requests away. */
  void leave() {
    if (present.decrementAndGet() == 0) {
      end.complete(true);
    }
  }
}
