package dev.tiercel.hedge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.budget.AttemptBudget;
import dev.tiercel.budget.BudgetPolicy;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.SystemTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Answers, hedges, failures, deadlines and leaving callers that meet on real threads. */
class RaceStormTest {

  private static final int READS = 4_000;

  private final Queue<CompletableFuture<ReadResult>> legs = new ConcurrentLinkedQueue<>();

  @Test
  void read_everythingAtOnce_everyReadAndEveryLegEnds() throws Exception {
    var seed = new Random().nextLong();
    System.out.println("read_everythingAtOnce seed: " + seed);
    var random = new Random(seed);
    try (var time = new SystemTime("storm");
        var answers = new SystemTime("storm-answers")) {
      var backend = backend(time, answers);
      var reads = new ArrayList<CompletableFuture<ReadResult>>();
      for (var count = 0; count < READS; count++) {
        var timeout = Duration.ofNanos(500_000 + random.nextInt(20_000_000));
        var context = CallContext.of(Deadline.after(timeout, time));
        reads.add(backend.read(ReadRequest.of("k", List.of("a", "b")), context));
        if (random.nextInt(10) == 0) {
          reads.get(random.nextInt(reads.size())).cancel(true);
        }
      }

      assertThat(settled(reads)).allMatch(RaceStormTest::isWhole);
      assertThat(settled(legs)).hasSizeGreaterThan(READS);
    }
  }

  private static List<CompletableFuture<ReadResult>> settled(
      Iterable<CompletableFuture<ReadResult>> futures) throws Exception {
    var all = new ArrayList<CompletableFuture<ReadResult>>();
    futures.forEach(all::add);
    for (var future : all) {
      // A leg that hangs ends only if it is cancelled.
      future.handle((result, failure) -> true).get(30, TimeUnit.SECONDS);
    }
    return all;
  }

  private static boolean isWhole(CompletableFuture<ReadResult> read) {
    return read.isCancelled() || read.join().outcomes().size() == 2;
  }

  private HedgedBackend backend(SystemTime time, SystemTime answers) {
    var main = new FakeEndpoint("primary", Feature.HEDGED_READS);
    var replica = new FakeEndpoint("replica-1");
    return new HedgedBackend(
        Route.main(new Erratic(main, answers), main),
        List.of(new Route(new Erratic(replica, answers), replica, Duration.ofMillis(5))),
        HedgePolicy.defaults().quantile(0.5).warmUp(1).floor(Duration.ofNanos(1)),
        ReplicaReads.SPREAD,
        new AttemptBudget(BudgetPolicy.defaults().ratio(1).burst(READS), time),
        ServingListener.NONE,
        time);
  }

  private final class Erratic extends ForwardingBackend {

    private final SystemTime answers;

    Erratic(Backend delegate, SystemTime answers) {
      super(delegate);
      this.answers = answers;
    }

    @Override
    public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
      var answer = new CompletableFuture<ReadResult>();
      legs.add(answer);
      var chance = ThreadLocalRandom.current().nextInt(20);
      if (chance > 0) {
        var delay = Duration.ofNanos(ThreadLocalRandom.current().nextInt(1_000_000));
        answers.schedule(delay, () -> answer.complete(result(request.keys().size(), chance)));
      }
      return answer;
    }

    private static ReadResult result(int keys, int chance) {
      var outcomes = new ArrayList<ReadOutcome>();
      for (var key = 0; key < keys; key++) {
        outcomes.add((chance + key) % 5 == 0 ? Given.failed("storm") : FakeEndpoint.found(1));
      }
      return new ReadResult(outcomes);
    }
  }
}
