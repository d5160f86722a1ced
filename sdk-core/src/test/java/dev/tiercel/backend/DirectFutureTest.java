package dev.tiercel.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What {@link Completions#onEnd} promises of any future, of those that tell by themselves. */
class DirectFutureTest {

  private static final class Own extends DirectFuture<String> {}

  private final Own future = new Own();
  private final List<String> heard = new ArrayList<>();

  @Test
  void complete_listener_hearsOnceAfterTheEnd() {
    Completions.onEnd(future, (result, failure) -> heard.add(result + " " + future.isDone()));

    assertThat(future.complete("a")).isTrue();
    assertThat(future.complete("b")).isFalse();
    assertThat(future.completeExceptionally(new IllegalStateException("late"))).isFalse();
    assertThat(future.cancel(true)).isFalse();

    assertThat(heard).containsExactly("a true");
  }

  @Test
  void complete_listener_isTheOnlyDependentThatIsNone() {
    Completions.onEnd(future, as("first"));

    assertThat(future.getNumberOfDependents()).isZero();
  }

  @Test
  void completeExceptionally_listener_hearsTheFailureItself() {
    var cause = new IllegalStateException("no");
    var failures = new ArrayList<@Nullable Throwable>();
    Completions.onEnd(future, (result, failure) -> failures.add(failure));

    future.completeExceptionally(cause);

    assertThat(failures).containsExactly(cause);
  }

  @Test
  void cancel_listener_hearsOnceThatItWasCancelled() {
    Completions.onEnd(
        future,
        (result, failure) -> heard.add(String.valueOf(failure instanceof CancellationException)));

    assertThat(future.cancel(true)).isTrue();
    assertThat(future.cancel(true)).isTrue();

    assertThat(heard).containsExactly("true");
  }

  @Test
  void onEnd_hasEnded_hearsAtOnce() {
    future.complete("a");

    Completions.onEnd(future, as("first"));
    Completions.onEnd(future, as("second"));

    assertThat(heard).containsExactly("first a", "second a");
  }

  @Test
  void onEnd_fromADependentThatHearsOfTheEnd_hearsAtOnceAndOnce() {
    var dependent = future.thenAccept(result -> {
      Completions.onEnd(future, as("inner"));
      heard.add("dependent");
    });

    future.complete("a");

    assertThat(dependent).isCompleted();
    assertThat(heard).containsExactly("inner a", "dependent");
  }

  @Test
  void onEnd_severalListeners_hearAll() {
    Completions.onEnd(future, as("first"));
    Completions.onEnd(future, as("second"));
    Completions.onEnd(future, as("third"));

    future.complete("a");

    assertThat(heard).containsExactlyInAnyOrder("first a", "second a", "third a");
  }

  @Test
  void complete_listenerThrows_othersHearAndTheCallerDoesNot() {
    Completions.onEnd(future, (result, failure) -> {
      throw new IllegalStateException("listener");
    });
    Completions.onEnd(future, as("second"));

    assertThat(future.complete("a")).isTrue();

    assertThat(heard).containsExactly("second a");
    assertThat(future).isCompletedWithValue("a");
  }

  @Test
  void onEnd_hasEndedAndListenerThrows_callerDoesNotHear() {
    future.complete("a");

    Completions.onEnd(future, (result, failure) -> {
      heard.add("called");
      throw new IllegalStateException("listener");
    });

    assertThat(heard).containsExactly("called");
  }

  @Test
  void passCancel_outer_cancelsWhatItWaitsFor() {
    var inner = new CompletableFuture<String>();
    Completions.passCancel(future, inner);

    future.cancel(true);

    assertThat(inner).isCancelled();
  }

  @Test
  void completeAsync_listener_hearsWhatWasSupplied() {
    Completions.onEnd(future, as("first"));

    assertThat(future.completeAsync(() -> "a", Runnable::run)).isSameAs(future);

    assertThat(heard).containsExactly("first a");
  }

  @Test
  void completeAsync_supplierThrows_endsWithThat() {
    Completions.onEnd(future, (result, failure) -> heard.add(String.valueOf(failure)));

    var same = future.completeAsync(
        () -> {
          throw new IllegalStateException("no");
        },
        Runnable::run);

    assertThat(same).isCompletedExceptionally();
    assertThat(heard).containsExactly("java.lang.IllegalStateException: no");
  }

  private BiConsumer<@Nullable String, @Nullable Throwable> as(String name) {
    return (result, failure) -> heard.add(name + " " + result);
  }
}
