package dev.tiercel.region;

import static dev.tiercel.region.FakeRegion.found;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.budget.AttemptBudget;
import dev.tiercel.budget.BudgetPolicy;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.Where;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A thousand reads a second, and the region they are read in is lost in one way or another. */
class RegionLossTest {

  private static final Duration STEP = Duration.ofMillis(1);
  private static final Duration PATIENCE = Duration.ofMillis(100);

  private final FakeTime time = new FakeTime();
  private final FakeRegion near = new FakeRegion("near", Feature.VERSIONS);
  private final FakeRegion far = new FakeRegion("far", Feature.VERSIONS);
  private final Regions regions;
  private final Reads reads;
  private final List<CompletableFuture<ReadResult>> answers = new ArrayList<>();
  private int sent;

  RegionLossTest() {
    answersWithin(near, Duration.ofMillis(1));
    answersWithin(far, Duration.ofMillis(20));
    regions = Regions.of(
        "k",
        false,
        List.of(region(near), region(far)),
        RegionPolicy.defaults(),
        ServingListener.NONE,
        new Random(7),
        time);
    var routing = new Routing(regions, RegionLoss.REMOTE, WritePolicy.anywhere(), Reads.SLOW, time);
    var budget = new AttemptBudget(BudgetPolicy.defaults(), time);
    reads = new Reads(routing, budget, ServingListener.NONE, time);
  }

  private static Region region(FakeRegion fake) {
    return new Region(fake.region(), fake, List.of(fake), List.of());
  }

  private void answersWithin(FakeRegion region, Duration latency) {
    region.onRead = read -> time.schedule(latency, () -> answer(region, read));
    region.onLook = look -> time.schedule(latency, () -> look.answer().complete(found(1)));
  }

  private void answer(FakeRegion region, FakeRegion.Read read) {
    if (read.answer().isDone()) {
      return;
    }
    if (read.context().deadline().hasPassed()) {
      read.fails(late(region));
    } else {
      read.found(1);
    }
  }

  private static DeadlineExceeded late(FakeRegion region) {
    return new DeadlineExceeded("late", Where.at("fake", region.region()), null);
  }

  private void isKilled(FakeRegion region) {
    region.onRead = read -> read.fails(region.unavailable());
    region.onLook = look -> look.answer().complete(FakeRegion.failed(region.unavailable()));
  }

  private void fallsSilent(FakeRegion region) {
    region.onRead =
        read -> time.schedule(read.context().deadline().remaining(), () -> answer(region, read));
    region.onLook = look -> time.schedule(
        Duration.ofSeconds(1), () -> look.answer().complete(FakeRegion.failed(late(region))));
  }

  private void readFor(Duration span) {
    for (var step = 0; step < span.toMillis(); step++) {
      var deadline = Deadline.after(PATIENCE, time);
      var request = Given.read("x" + sent++ % 97);
      answers.add(
          reads.read(request, CallContext.of(deadline), deadline, (index, outcome) -> {}, false));
      time.advance(STEP);
    }
  }

  private void letTheLastEnd() {
    time.advance(PATIENCE.plus(PATIENCE));
  }

  private long failed() {
    return answers.stream()
        .filter(answer -> answer.join().outcomes().get(0) instanceof ReadOutcome.Failed)
        .count();
  }

  private String current() {
    return regions.current().region().name();
  }

  @Test
  void region_isKilled_noReadFailsAndTheOtherTakesOver() {
    readFor(Duration.ofSeconds(3));
    isKilled(near);
    readFor(Duration.ofSeconds(1));
    near.reads.clear();
    readFor(Duration.ofSeconds(2));
    letTheLastEnd();

    assertThat(failed()).isZero();
    assertThat(current()).isEqualTo("far");
    assertThat(near.reads).isEmpty();
  }

  @Test
  void region_fallsSilent_noReadFailsAndTheOtherTakesOver() {
    readFor(Duration.ofSeconds(3));
    fallsSilent(near);
    readFor(Duration.ofSeconds(1));
    near.reads.clear();
    readFor(Duration.ofSeconds(2));
    letTheLastEnd();

    assertThat(failed()).isZero();
    assertThat(current()).isEqualTo("far");
    assertThat(near.reads).isEmpty();
  }

  @Test
  void region_isManyTimesSlower_noReadFailsAndTheOtherTakesOver() {
    readFor(Duration.ofSeconds(3));
    answersWithin(near, Duration.ofMillis(60));
    readFor(Duration.ofSeconds(1));
    near.reads.clear();
    readFor(Duration.ofSeconds(2));
    letTheLastEnd();

    assertThat(failed()).isZero();
    assertThat(current()).isEqualTo("far");
    assertThat(near.reads).hasSizeLessThan(100);
  }

  @Test
  void region_isBack_isReadAgainAndNoReadFails() {
    readFor(Duration.ofSeconds(3));
    isKilled(near);
    readFor(Duration.ofSeconds(2));
    answersWithin(near, Duration.ofMillis(1));
    readFor(Duration.ofSeconds(40));
    near.reads.clear();
    readFor(Duration.ofSeconds(1));
    letTheLastEnd();

    assertThat(failed()).isZero();
    assertThat(current()).isEqualTo("near");
    assertThat(near.reads).hasSizeGreaterThan(900);
  }
}
