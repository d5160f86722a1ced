package dev.tiercel.region;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.Tier;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.budget.AttemptBudget;
import dev.tiercel.budget.BudgetPolicy;
import dev.tiercel.builtin.Backends;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.health.Vitals;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.region.Choice.Candidate;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.testing.StagedBackend;
import dev.tiercel.tier.RemotePolicy;
import dev.tiercel.tier.TieredBackend;
import dev.tiercel.tier.TtlPolicy;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Reads over two regions of real tiers in memory, whose sources a test keeps apart. */
class RegionStacksTest {

  private final FakeTime time = new FakeTime();
  private final Stack near = new Stack("near");
  private final Stack far = new Stack("far");
  private final Reads reads = reads(near, far);
  private final List<String> told = new ArrayList<>();

  /** One region, with all that is its own. */
  private final class Stack {

    private final StagedBackend remote = new StagedBackend(Backends.inMemoryCache(1 << 20, time));
    private final StagedBackend source = new StagedBackend(Backends.inMemoryStore(1 << 20, time));
    private final FakeHealth health = new FakeHealth();
    private final Candidate candidate;

    Stack(String name) {
      var tiers = new TieredBackend(
          "k",
          typed(remote),
          typed(source),
          RemotePolicy.defaults(),
          TtlPolicy.defaults(),
          ServingListener.NONE,
          new Random(1),
          time);
      Vitals vitals = new FakeRegion(name);
      candidate = new Candidate(new Region(name, tiers, List.of(vitals), List.of(vitals)), health);
    }

    /** What stands guard over a tier in earnest turns what it throws into failures per key. */
    private Backend typed(StagedBackend tier) {
      return new TypedBackend(tier);
    }

    void holds(String key, long version) {
      var entry = EncodedEntry.plain(new byte[1]).withVersion(version);
      var put = new Mutation.Put(key, entry, Condition.ALWAYS);
      assertThat(source.behind().write(new WriteRequest("k", List.of(put)), context()))
          .isCompleted();
    }
  }

  private Reads reads(Stack... stacks) {
    var all = List.of(stacks).stream().map(stack -> stack.candidate).toList();
    var choice = new Choice() {
      @Override
      public Candidate current() {
        return all.get(0);
      }

      @Override
      public List<Candidate> order(String key, long nowNanos) {
        return all;
      }

      @Override
      public List<Candidate> all() {
        return all;
      }
    };
    var routing = new Routing(choice, RegionLoss.REMOTE, WritePolicy.anywhere(), Reads.SLOW, time);
    var budget = new AttemptBudget(BudgetPolicy.defaults(), time);
    return new Reads(routing, budget, ServingListener.NONE, time);
  }

  private CallContext context() {
    return CallContext.of(Deadline.after(Duration.ofMillis(100), time));
  }

  private CompletableFuture<ReadResult> read(ReadRequest request) {
    var context = context();
    return reads.read(
        request,
        context,
        context.deadline(),
        (index, outcome) -> told.add(request.keys().get(index)),
        false);
  }

  private static Unavailable down() {
    return new Unavailable("down", Where.at("fake", "near"), null);
  }

  @Test
  void read_regionIsWell_isServedAndFilledThere() {
    near.holds("x", 3);

    assertThat(Given.version(read(Given.read("x")))).isEqualTo(3);
    var again = read(Given.read("x"));

    assertThat(Given.origin(again).tier()).isEqualTo(Tier.REMOTE);
    assertThat(Given.origin(again).region()).isEqualTo("near");
    assertThat(Given.origin(again).replica()).isFalse();
    assertThat(far.source.keysRead()).isEmpty();
  }

  @Test
  void read_regionIsLost_isServedByTheOtherAndFilledThereAlone() {
    near.holds("x", 3);
    far.holds("x", 3);
    near.remote.failReads(down());
    near.source.failReads(down());

    var answer = read(Given.read("x", "none"));

    assertThat(Given.version(answer)).isEqualTo(3);
    assertThat(Given.origin(answer).replica()).isTrue();
    assertThat(Given.outcome(answer, 1)).isInstanceOf(ReadOutcome.Absent.class);
    assertThat(told).containsExactlyInAnyOrder("x", "none");
    assertThat(far.remote.mutations()).isNotEmpty();
    assertThat(near.remote.mutations()).isEmpty();
    assertThat(near.health.ended).containsExactly(RegionHealth.Verdict.FAILED);
  }

  @Test
  void read_sourceIsBehindWhatTheReaderHasWritten_isServedByWhoHasIt() {
    near.holds("x", 3);
    far.holds("x", 4);

    var answer = read(Given.atLeast(4, "x"));

    assertThat(Given.version(answer)).isEqualTo(4);
    assertThat(near.health.ended).containsExactly(RegionHealth.Verdict.ANSWERED);
  }

  @Test
  void read_noSourceHasWhatTheReaderHasWritten_failsAndSaysWhatThereIs() {
    near.holds("x", 3);
    far.holds("x", 2);

    var outcome = Given.outcome(read(Given.atLeast(4, "x")), 0);

    assertThat(outcome).isInstanceOf(ReadOutcome.Failed.class);
    assertThat(outcome.version()).isEqualTo(3);
  }

  @Test
  void read_newKeyHasNotArrivedYet_isServedByWhoHasIt() {
    far.holds("x", 4);

    assertThat(Given.version(read(Given.atLeast(4, "x")))).isEqualTo(4);
    assertThat(Given.outcome(read(Given.atLeast(4, "y")), 0))
        .isInstanceOf(ReadOutcome.Absent.class);
  }

  @Test
  void read_isCancelledWhileBothAreAsked_bothSourcesHearOfIt() {
    far.holds("x", 3);
    var held = near.source.holdReads(StagedBackend.Point.ANSWER);
    var heldFar = far.source.holdReads(StagedBackend.Point.ANSWER);
    near.remote.failReads(down());
    var answer = read(Given.read("x"));
    assertThat(answer).isNotDone();

    answer.cancel(true);

    assertThat(held.cancelled()).isEqualTo(1);
    assertThat(heldFar.cancelled()).isZero();
    assertThat(near.health.ended).containsExactly(RegionHealth.Verdict.IGNORED);
  }

  @Test
  void probe_missingKey_leasesAndFillsNothing() {
    far.holds("x", 3);
    far.health.takesProbe = true;

    read(Given.read("x"));

    assertThat(far.remote.keysRead()).containsExactly("x");
    assertThat(far.source.keysRead()).containsExactly("x");
    assertThat(far.remote.mutations()).isEmpty();
    assertThat(far.health.ended).containsExactly(RegionHealth.Verdict.ANSWERED);
    var leased = far.remote.read(Given.read("x").withLease(Duration.ofSeconds(1)), context());
    assertThat(((ReadOutcome.Absent) Given.outcome(leased, 0)).lease().granted())
        .isTrue();
  }
}
