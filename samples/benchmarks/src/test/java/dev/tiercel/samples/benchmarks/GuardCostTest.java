package dev.tiercel.samples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.samples.benchmarks.GuardCost.Bare;
import dev.tiercel.samples.benchmarks.GuardCost.Failing;
import dev.tiercel.samples.benchmarks.GuardCost.Resilience;
import dev.tiercel.samples.benchmarks.GuardCost.Tiercel;
import dev.tiercel.time.Deadline;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each benchmark does what it says: a call that is refused would be the fastest of all. */
class GuardCostTest {

  private static final int CALLS = 1_000;

  private final GuardCost benchmarks = new GuardCost();
  private final Bare bare = new Bare();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tiercel_everyCall_isAnswered(boolean later) {
    open(later);
    var tiercel = new Tiercel();
    tiercel.open(bare);
    for (var call = 0; call < CALLS; call++) {
      assertThat(benchmarks.tiercel(bare, tiercel).outcomes())
          .isEqualTo(InstantBackend.ANSWER.outcomes());
    }
    tiercel.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void others_everyCall_isAnswered(boolean later) {
    open(later);
    var resilience = new Resilience();
    resilience.open();
    var failing = new Failing();
    for (var call = 0; call < CALLS; call++) {
      assertThat(benchmarks.bare(bare)).isSameAs(InstantBackend.ANSWER);
      assertThat(benchmarks.resilience4j(bare, resilience)).isSameAs(InstantBackend.ANSWER);
      assertThat(benchmarks.failsafe(bare, failing)).isSameAs(InstantBackend.ANSWER);
    }
    resilience.close();
  }

  @Test
  void tiercel_answeredLater_endsOnTheThreadThatAnswers() {
    open(true);
    var tiercel = new Tiercel();
    tiercel.open(bare);
    var ended = new AtomicReference<Thread>();
    var deadline = Deadline.after(GuardCost.DEADLINE, tiercel.time);
    var call = tiercel
        .path()
        .read(ReadRequest.of("bench", List.of("key")), CallContext.of(deadline))
        .whenComplete((result, failure) -> ended.set(Thread.currentThread()));
    assertThat(call).isNotDone();
    bare.backend().answer();
    assertThat(ended).hasValue(Thread.currentThread());
    tiercel.close();
  }

  private void open(boolean later) {
    bare.later = later;
    bare.open();
  }
}
