package dev.tiercel.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Throwables;
import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.codec.Codec;
import dev.tiercel.codec.Codecs;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.error.CodecFailure;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.InvalidRequest;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Throttled;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.testing.BackendProbe;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class LoadingBackendTest {

  private final Throttled typed = new Throttled("rows: too many a second", Where.NOWHERE, null);
  private static final Codec<String> UTF8 = Codecs.utf8();

  private final FakeTime time = new FakeTime();
  private final List<List<String>> asked = new ArrayList<>();

  @Test
  void read_partOfTheKeysKnown_theOthersAreAbsent() {
    var outcomes =
        probe(function(keys -> Map.of("a", "of a", "c", "of c"))).readAll(List.of("a", "b", "c"));

    assertThat(text(outcomes.get(0))).isEqualTo("of a");
    assertThat(outcomes.get(1)).isInstanceOf(ReadOutcome.Absent.class);
    assertThat(text(outcomes.get(2))).isEqualTo("of c");
    assertThat(asked).containsExactly(List.of("a", "b", "c"));
  }

  @Test
  void read_functionAnswersForOtherKeysToo_theyAreIgnored() {
    var outcomes =
        probe(function(keys -> Map.of("a", "of a", "never asked for", "x"))).readAll(List.of("a"));

    assertThat(outcomes).hasSize(1);
    assertThat(text(outcomes.get(0))).isEqualTo("of a");
  }

  @Test
  void read_nullValue_isAbsent() {
    var answer = new HashMap<String, String>();
    answer.put("a", null);

    assertThat(probe(function(keys -> answer)).read("a")).isInstanceOf(ReadOutcome.Absent.class);
  }

  @Test
  void read_nullAnswer_isAFailureAndNoMiss() {
    assertThat(failure(probe(function(keys -> null)).read("a")))
        .isInstanceOf(Unavailable.class)
        .hasMessageStartingWith("function: returned null (expected: a map)");
  }

  @Test
  void read_functionThrows_everyKeyAskedForFails() {
    var broken = new IllegalStateException("no connection");
    var outcomes = probe(function(raising(broken))).readAll(List.of("a", "b"));

    for (var outcome : outcomes) {
      assertThat(failure(outcome)).isInstanceOf(Unavailable.class).hasCause(broken);
      assertThat(failure(outcome).getMessage()).doesNotContain("no connection");
    }
  }

  @Test
  void read_functionThrowsAnError_failsRatherThanNeverEnds() {
    assertThat(failure(probe(function(raising(new AssertionError("bug")))).read("a")))
        .isInstanceOf(Unavailable.class);
    assertThat(failure(probe(function(raising(new NoClassDefFoundError("x")))).read("a")))
        .isInstanceOf(Unavailable.class);
    assertThat(failure(probe(async(raising(new NoClassDefFoundError("x")))).read("a")))
        .isInstanceOf(Unavailable.class);
  }

  @Test
  void read_functionThrowsATypedFailure_passesItOn() {
    assertThat(failure(probe(function(raising(typed))).read("a"))).isSameAs(typed);
    assertThat(failure(probe(async(raising(typed))).read("a"))).isSameAs(typed);
    assertThat(
            failure(probe(async(keys -> CompletableFuture.failedFuture(typed))).read("a")))
        .isSameAs(typed);
    // A dependent stage wraps it.
    Function<List<String>, CompletionStage<Map<String, String>>> dependent =
        keys -> CompletableFuture.completedFuture(keys).thenApply(raising(typed));
    assertThat(failure(probe(async(dependent)).read("a"))).isSameAs(typed);
  }

  @Test
  void read_asyncFunctionReturnsNull_fails() {
    assertThat(failure(probe(async(keys -> null)).read("a"))).isInstanceOf(Unavailable.class);
    assertThat(failure(
            probe(async(keys -> CompletableFuture.completedFuture(null))).read("a")))
        .isInstanceOf(Unavailable.class);
  }

  @Test
  void read_answerThatCannotBeAsked_failsItsKeys() {
    // A sorted map of another kind of key throws on every look-up.
    @SuppressWarnings({"unchecked", "rawtypes"})
    Map<String, String> hostile = new TreeMap(Map.of(1, "one"));

    assertThat(failure(probe(function(keys -> hostile)).read("a"))).isInstanceOf(Unavailable.class);
  }

  @Test
  void read_executorRefuses_isOverloadedAndNothingIsCalled() {
    Executor full = task -> {
      throw new RejectedExecutionException("queue full");
    };
    var backend = Backends.loading(KeyFormat.string(), UTF8, this::remember, full);

    assertThat(failure(probe(backend).read("a"))).isInstanceOf(Overloaded.class);
    assertThat(asked).isEmpty();
  }

  @Test
  void read_deadlinePassedBeforeItsTurn_functionIsNotCalled() {
    var queue = new ArrayList<Runnable>();
    var backend = Backends.loading(KeyFormat.string(), UTF8, this::remember, queue::add);
    var answer = backend.read(
        ReadRequest.of("k", List.of("a")),
        CallContext.of(Deadline.after(Duration.ofMillis(10), time)));

    time.advance(Duration.ofMillis(10));
    queue.remove(0).run();

    assertThat(failure(answer.join().outcomes().get(0))).isInstanceOf(DeadlineExceeded.class);
    assertThat(asked).isEmpty();
  }

  @Test
  void read_cancelledBeforeItsTurn_functionIsNotCalled() {
    var queue = new ArrayList<Runnable>();
    var backend = Backends.loading(KeyFormat.string(), UTF8, this::remember, queue::add);
    backend.read(ReadRequest.of("k", List.of("a")), context()).cancel(true);

    queue.remove(0).run();

    assertThat(asked).isEmpty();
  }

  @Test
  void read_cancelledWhileTheFunctionRuns_interruptsItAndNothingElse() throws Exception {
    var entered = new CountDownLatch(1);
    var interrupted = new CountDownLatch(1);
    var threads = Executors.newSingleThreadExecutor();
    try {
      var backend = Backends.<String, String>loading(
          KeyFormat.string(),
          UTF8,
          keys -> {
            entered.countDown();
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException expected) {
              interrupted.countDown();
            }
            return Map.of();
          },
          threads);
      var answer = backend.read(ReadRequest.of("k", List.of("a")), context());
      assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
      answer.cancel(true);

      assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(threads.submit(Thread::interrupted).get(10, TimeUnit.SECONDS)).isFalse();
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void readAsync_cancelled_cancelsTheFunctionsOwnFuture() {
    var own = new CompletableFuture<Map<String, String>>();
    async(keys -> own).read(ReadRequest.of("k", List.of("a")), context()).cancel(true);

    assertThat(own).isCancelled();
  }

  @Test
  void read_keyItsFormatRefuses_failsAlone() {
    var numbers = Backends.<Long, String>loadingAsync(
        KeyFormat.longs(), UTF8, keys -> CompletableFuture.completedFuture(Map.of(7L, "seven")));
    var outcomes = probe(numbers).readAll(List.of("no number", "7"));

    assertThat(failure(outcomes.get(0))).isInstanceOf(InvalidRequest.class);
    assertThat(text(outcomes.get(1))).isEqualTo("seven");
  }

  @Test
  void read_onlyKeysItsFormatRefuses_functionIsNotCalled() {
    var numbers = Backends.<Long, String>loadingAsync(KeyFormat.longs(), UTF8, keys -> {
      throw new AssertionError("called with " + keys);
    });

    assertThat(failure(probe(numbers).read("no number"))).isInstanceOf(InvalidRequest.class);
  }

  @Test
  void read_valueTheCodecRefuses_failsAlone() {
    var outcomes =
        probe(function(keys -> Map.of("a", "\uD800", "b", "fine"))).readAll(List.of("a", "b"));

    assertThat(failure(outcomes.get(0))).isInstanceOf(CodecFailure.class);
    assertThat(text(outcomes.get(1))).isEqualTo("fine");
  }

  @Test
  void write_writerThrows_outcomeIsUnknown() {
    for (var thrown : List.of(
        new IOException("cut"),
        new IllegalStateException(),
        new RejectedExecutionException(),
        new AssertionError())) {
      var outcome = put(probe(writing(new Failing(thrown), Runnable::run)), "value");

      assertThat(failure(outcome)).isInstanceOf(OutcomeUnknown.class).hasCause(thrown);
    }
  }

  @Test
  void write_writerThrowsATypedFailure_passesItOn() {
    assertThat(failure(put(probe(writing(new Failing(typed), Runnable::run)), "value")))
        .isSameAs(typed);
  }

  @Test
  void write_executorRefuses_isOverloaded() {
    Executor full = task -> {
      throw new RejectedExecutionException("queue full");
    };

    assertThat(failure(put(probe(writing(new Failing(typed), full)), "value")))
        .isInstanceOf(Overloaded.class);
  }

  @Test
  void write_deadlinePassedBeforeItsTurn_writerIsNotCalled() {
    var queue = new ArrayList<Runnable>();
    var backend = writing(new Failing(typed), queue::add);
    var entry = EncodedEntry.plain(UTF8.encode("value"));
    var request = new dev.tiercel.backend.WriteRequest(
        "k", List.of(new dev.tiercel.backend.Mutation.Put("a", entry, Condition.ALWAYS)));
    var answer =
        backend.write(request, CallContext.of(Deadline.after(Duration.ofMillis(10), time)));

    time.advance(Duration.ofMillis(10));
    queue.remove(0).run();

    assertThat(failure(answer.join().outcomes().get(0))).isInstanceOf(DeadlineExceeded.class);
  }

  @Test
  void write_valueThatCannotBeDecoded_isNeverSent() {
    var writer = new Failing(new AssertionError("called"));
    var backend = probe(writing(writer, Runnable::run));
    var outcome = backend.put("a", EncodedEntry.plain(new byte[] {(byte) 0xFF}), Condition.ALWAYS);

    assertThat(failure(outcome)).isInstanceOf(CodecFailure.class);
  }

  @Test
  void write_keyItsFormatRefuses_isNeverSent() {
    var writer = new Failing(new AssertionError("called"));
    var format = KeyFormat.<String>of(key -> key, raising(new IllegalArgumentException("odd")));
    var backend = probe(Backends.loading(format, UTF8, keys -> Map.of(), Runnable::run)
        .writing(writer, Runnable::run));

    assertThat(failure(put(backend, "value"))).isInstanceOf(InvalidRequest.class);
    assertThat(failure(backend.put("a", EncodedEntry.tombstone(0, 0, 0), Condition.ALWAYS)))
        .isInstanceOf(InvalidRequest.class);
  }

  private Map<String, String> remember(List<String> keys) {
    asked.add(keys);
    return Map.of();
  }

  private LoadingBackend<String, String> function(
      Function<List<String>, Map<String, String>> load) {
    return Backends.loading(
        KeyFormat.string(),
        UTF8,
        keys -> {
          asked.add(keys);
          return load.apply(keys);
        },
        Runnable::run);
  }

  private static LoadingBackend<String, String> async(
      Function<List<String>, CompletionStage<Map<String, String>>> load) {
    return Backends.loadingAsync(KeyFormat.string(), UTF8, load);
  }

  private LoadingBackend<String, String> writing(
      SourceWriter<String, String> writer, Executor executor) {
    return function(keys -> Map.of()).writing(writer, executor);
  }

  private BackendProbe probe(Backend backend) {
    return new BackendProbe(backend, "k", time);
  }

  private CallContext context() {
    return CallContext.of(Deadline.after(Duration.ofSeconds(1), time));
  }

  private static WriteOutcome put(BackendProbe backend, String value) {
    return backend.put("a", EncodedEntry.plain(UTF8.encode(value)), Condition.ALWAYS);
  }

  private static String text(ReadOutcome outcome) {
    return UTF8.decode(((ReadOutcome.Found) outcome).entry().payload());
  }

  private static ServingException failure(ReadOutcome outcome) {
    assertThat(outcome).isInstanceOf(ReadOutcome.Failed.class);
    return ((ReadOutcome.Failed) outcome).cause();
  }

  private static ServingException failure(WriteOutcome outcome) {
    assertThat(outcome).isInstanceOf(WriteOutcome.Failed.class);
    return ((WriteOutcome.Failed) outcome).cause();
  }

  /** A function that throws whatever it is asked. */
  private static <A, R> Function<A, R> raising(Throwable thrown) {
    return argument -> {
      Throwables.throwIfUnchecked(thrown);
      throw new IllegalArgumentException("thrown: checked (expected: unchecked)", thrown);
    };
  }

  /** A writer that throws whatever it is asked. */
  private record Failing(Throwable thrown) implements SourceWriter<String, String> {

    @Override
    public void put(String key, String value) throws Exception {
      remove(key);
    }

    @Override
    public void remove(String key) throws Exception {
      if (thrown instanceof Error error) {
        throw error;
      }
      throw (Exception) thrown;
    }
  }
}
