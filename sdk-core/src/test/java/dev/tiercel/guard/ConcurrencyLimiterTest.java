package dev.tiercel.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.testing.FakeTime;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConcurrencyLimiterTest {

  private static final LimiterPolicy POLICY = LimiterPolicy.defaults().initial(64);
  private static final LimiterPolicy DOUBTFUL = POLICY.min(1).memory(Duration.ofSeconds(10));

  private final FakeTime time = new FakeTime();

  @Test
  void tryAcquire_full_refusesAtOnceUntilOneIsBack() {
    var limiter = limiter(POLICY.max(2));

    assertThat(limiter.tryAcquire()).isTrue();
    assertThat(limiter.tryAcquire()).isTrue();
    assertThat(limiter.tryAcquire()).isFalse();
    assertThat(limiter.inFlight()).isEqualTo(2);

    limiter.release(1, 1_000_000, Signal.ANSWERED);
    assertThat(limiter.tryAcquire()).isTrue();
  }

  @Test
  void report_withoutRelease_keepsThePermit() {
    var limiter = limiter(POLICY.max(1));
    assertThat(limiter.tryAcquire()).isTrue();

    limiter.report(1, false, 1_000_000, Signal.IGNORED);
    assertThat(limiter.tryAcquire()).isFalse();

    limiter.release();
    assertThat(limiter.tryAcquire()).isTrue();
  }

  @Test
  void isNearlyFull_fromFourInFive() {
    var limiter = limiter(POLICY.max(10));
    IntStream.range(0, 7).forEach(call -> limiter.tryAcquire());
    assertThat(limiter.isNearlyFull()).isFalse();

    limiter.tryAcquire();

    assertThat(limiter.isNearlyFull()).isTrue();
  }

  @Test
  void wellUsedAndFast_growsUntilNothingIsRefused() {
    var server = server(POLICY.initial(4), 1);
    server.threads = 100;
    server.perSecond = 6_000;
    server.run(Duration.ofSeconds(3));

    server.run(Duration.ofSeconds(1));

    assertThat(server.refused).isZero();
    assertThat(server.limiter.limit()).isGreaterThan(30);
  }

  @Test
  void littleUsed_doesNotGrow() {
    var server = server(POLICY, 2);
    server.perSecond = 500;

    server.run(Duration.ofSeconds(30));

    assertThat(server.limiter.limit()).isEqualTo(POLICY.initial());
  }

  @Test
  void busyAtNineTenths_refusesNothing() {
    var server = server(POLICY, 3);
    server.perSecond = 1_800;

    server.run(Duration.ofSeconds(30));

    assertThat(server.refused).isZero();
    assertThat(server.late).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5, 6})
  void lastingMildOverload_limitStaysAndAnswersStayInTime(long seed) {
    var server = server(POLICY, seed);
    server.threads = 4;
    server.perSecond = 600;
    server.run(Duration.ofSeconds(10));
    server.perSecond = 1_000;
    server.run(Duration.ofSeconds(60));
    var afterOneMinute = server.limiter.limit();

    server.run(Duration.ofMinutes(5));

    assertThat(server.limiter.limit()).isBetween(afterOneMinute / 2, 2 * afterOneMinute);
    assertThat(server.limiter.limit()).isLessThan(64);
    // What it can do is done: 800 of 1000 a second.
    assertThat(server.sent).isGreaterThan(5 * 60 * 760);
    assertThat(server.late).isLessThan(server.sent / 1_000);
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 8, 9})
  void overloadEnds_nothingIsRefusedTwoSecondsLater(long seed) {
    var server = server(POLICY, seed);
    server.perSecond = 300;
    server.run(Duration.ofSeconds(10));
    server.meanMillis = 300;
    server.run(Duration.ofSeconds(10));
    assertThat(server.refused).isGreaterThan(1_000);
    assertThat(server.limiter.limit()).isLessThan(POLICY.initial() / 2);

    server.meanMillis = 5;
    server.run(Duration.ofSeconds(2));
    server.run(Duration.ofSeconds(10));

    assertThat(server.refused).isZero();
  }

  @Test
  void slowerForGood_isLearnedStepByStep() {
    var server = server(POLICY, 10);
    server.threads = 1_000;
    server.deadline = Duration.ofSeconds(10);
    server.run(Duration.ofSeconds(10));
    server.meanMillis = 100;
    server.run(Duration.ofSeconds(100));

    server.run(Duration.ofSeconds(20));

    assertThat(server.refused).isZero();
    assertThat(server.limiter.limit()).isGreaterThan(100);
  }

  @Test
  void oneCallASecond_latenciesOfAllKinds_limitStays() {
    var server = server(POLICY, 11);
    server.perSecond = 1;

    server.run(Duration.ofMinutes(5));

    assertThat(server.refused).isZero();
    assertThat(server.limiter.limit()).isEqualTo(POLICY.initial());
  }

  @Test
  void oneCallASecond_allDropped_shrinks() {
    var limiter = limiter(POLICY);
    for (var call = 0; call < 20; call++) {
      limiter.tryAcquire();
      time.advance(Duration.ofSeconds(1));
      limiter.release(1, Duration.ofSeconds(1).toNanos(), Signal.DROPPED);
    }

    assertThat(limiter.limit()).isLessThan(POLICY.initial() / 2);
  }

  @Test
  void oneInAThousandDropped_doesNotShrink() {
    var limiter = limiter(POLICY);
    for (var call = 0; call < 50_000; call++) {
      limiter.tryAcquire();
      time.advance(Duration.ofMillis(1));
      limiter.release(1, 1_000_000, call % 1_000 == 0 ? Signal.DROPPED : Signal.ANSWERED);
    }

    assertThat(limiter.limit()).isEqualTo(POLICY.initial());
  }

  @Test
  void oneInTenDropped_shrinks() {
    var limiter = limiter(POLICY);
    for (var call = 0; call < 50_000; call++) {
      limiter.tryAcquire();
      time.advance(Duration.ofMillis(1));
      limiter.release(1, 1_000_000, call % 8 == 0 ? Signal.DROPPED : Signal.ANSWERED);
    }

    assertThat(limiter.limit()).isEqualTo(POLICY.min());
  }

  @Test
  void batchesAfterSingles_areComparedWithThemselves() {
    var limiter = limiter(POLICY);
    answers(limiter, 1, Duration.ofMillis(1));

    answers(limiter, 100, Duration.ofMillis(40));

    assertThat(limiter.limit()).isEqualTo(POLICY.initial());
    assertThat(limiter.typicalNanos(1, false)).isBetween(900_000L, 1_150_000L);
    assertThat(limiter.typicalNanos(100, false)).isBetween(36_000_000L, 46_000_000L);
  }

  @Test
  void oneSlowWindow_isABurst() {
    var limiter = limiter(POLICY);
    answers(limiter, 1, Duration.ofMillis(1));
    for (var burst = 0; burst < 10; burst++) {
      for (var call = 0; call < 200; call++) {
        limiter.tryAcquire();
        time.advance(Duration.ofMillis(1));
        limiter.release(1, (call < 100 ? 20 : 1) * 1_000_000L, Signal.ANSWERED);
      }
    }

    assertThat(limiter.limit()).isEqualTo(POLICY.initial());
  }

  @Test
  void oneSlowWindow_doesNotGrow() {
    var limiter = limiter(POLICY);
    answers(limiter, 1, Duration.ofMillis(1));
    IntStream.range(0, 60).forEach(call -> limiter.tryAcquire());
    for (var call = 0; call < 110; call++) {
      time.advance(Duration.ofMillis(1));
      limiter.report(1, false, Duration.ofMillis(20).toNanos(), Signal.ANSWERED);
    }

    assertThat(limiter.limit()).isEqualTo(POLICY.initial());
  }

  @Test
  void answersOfMicrosecondsThenOfAMillisecond_areNoCongestion() {
    var limiter = limiter(POLICY);
    answers(limiter, 1, Duration.ofNanos(5_000));

    answers(limiter, 1, Duration.ofMillis(1));

    assertThat(limiter.limit()).isEqualTo(POLICY.initial());
  }

  @Test
  void callsGivenUpThatTookLong_areCongestion() {
    var limiter = limiter(POLICY);
    answers(limiter, 1, Duration.ofMillis(1));
    for (var call = 0; call < 500; call++) {
      limiter.tryAcquire();
      time.advance(Duration.ofMillis(1));
      limiter.release(1, Duration.ofMillis(20).toNanos(), Signal.IGNORED);
    }

    assertThat(limiter.limit()).isLessThan(POLICY.initial());
  }

  @Test
  void callsGivenUpEarly_sayNothing() {
    var limiter = limiter(POLICY);
    answers(limiter, 1, Duration.ofMillis(1));
    for (var call = 0; call < 500; call++) {
      limiter.tryAcquire();
      time.advance(Duration.ofMillis(1));
      limiter.release(1, 10_000, Signal.IGNORED);
    }

    assertThat(limiter.typicalNanos(1, false)).isGreaterThan(900_000L);
  }

  @Test
  void writesAfterReads_areComparedWithThemselves() {
    var limiter = limiter(POLICY);
    answers(limiter, 1, Duration.ofMillis(1));
    for (var call = 0; call < 500; call++) {
      limiter.tryAcquire();
      time.advance(Duration.ofMillis(1));
      limiter.release(1, true, Duration.ofMillis(20).toNanos(), Signal.ANSWERED);
    }

    assertThat(limiter.limit()).isEqualTo(POLICY.initial());
    assertThat(limiter.typicalNanos(1, false)).isBetween(900_000L, 1_150_000L);
    assertThat(limiter.typicalNanos(1, true)).isBetween(18_000_000L, 23_000_000L);
  }

  @Test
  void typicalNanos_unknownClass_isThatOfTheNearest() {
    var limiter = limiter(POLICY);
    assertThat(limiter.typicalNanos(5, false)).isZero();
    answers(limiter, 100, Duration.ofMillis(40));
    assertThat(limiter.typicalNanos(1, false)).isBetween(36_000_000L, 46_000_000L);
    assertThat(limiter.typicalNanos(20, true)).isBetween(36_000_000L, 46_000_000L);

    answers(limiter, 1, Duration.ofMillis(1));

    assertThat(limiter.typicalNanos(20, false)).isBetween(900_000L, 1_150_000L);
  }

  @Test
  void measuring_nobodyCalls_endsWhenAsked() {
    var limiter = limiter(DOUBTFUL);
    answerUntilItMeasures(limiter);
    var measuring = limiter.limit();
    assertThat(limiter.isNearlyFull()).isFalse();
    IntStream.range(0, measuring).forEach(call -> limiter.tryAcquire());
    assertThat(limiter.isNearlyFull()).isTrue();

    IntStream.range(0, measuring).forEach(call -> limiter.release());
    time.advance(Duration.ofSeconds(2));

    assertThat(limiter.isNearlyFull()).isFalse();
    assertThat(limiter.limit()).isGreaterThan(measuring);
  }

  @Test
  void draining_isNearlyFull() {
    var limiter = limiter(DOUBTFUL);
    IntStream.range(0, 20).forEach(call -> limiter.tryAcquire());

    answerUntilItMeasures(limiter);

    assertThat(limiter.isNearlyFull()).isTrue();
  }

  @Test
  void measuring_callsGivenUp_teachNothing() {
    var limiter = limiter(DOUBTFUL);
    answerUntilItMeasures(limiter);
    assertThat(limiter.isNearlyFull()).isFalse();
    var known = limiter.typicalNanos(1, false);
    for (var call = 0; call < 100; call++) {
      limiter.tryAcquire();
      limiter.release(1, Duration.ofMillis(20).toNanos(), Signal.IGNORED);
    }

    time.advance(Duration.ofSeconds(2));

    assertThat(limiter.isNearlyFull()).isFalse();
    assertThat(limiter.typicalNanos(1, false)).isEqualTo(known);
  }

  @Test
  void measuring_muchSlower_learnsNoMoreThanTwice() {
    var limiter = limiter(DOUBTFUL);
    answerUntilItMeasures(limiter);
    var known = limiter.typicalNanos(1, false);

    answers(limiter, 1, Duration.ofMillis(20));

    assertThat(limiter.typicalNanos(1, false)).isEqualTo(2 * known);
  }

  @Test
  void quickOnceThenAsUsual_isNeverDoubted() {
    var limiter = limiter(POLICY);
    answers(limiter, 1, Duration.ofNanos(80_000));
    for (var round = 0; round < 140; round++) {
      answers(limiter, 1, Duration.ofNanos(450_000));
      assertThat(limiter.limit()).isEqualTo(POLICY.initial());
      assertThat(limiter.isNearlyFull()).isFalse();
    }
    assertThat(limiter.typicalNanos(1, false)).isLessThan(100_000);
  }

  @ParameterizedTest
  @ValueSource(longs = {12, 13, 14})
  void severalClientsOverloadOneServer_noneTakesThatForNormal(long seed) {
    var clients = Stream.generate(() -> limiter(POLICY)).limit(4).toList();
    var server = new ModelServer(clients, time, seed);
    server.threads = 4;
    server.perSecond = 600;
    server.run(Duration.ofSeconds(10));
    var known = clients.stream().mapToLong(each -> each.typicalNanos(1, false)).max();
    server.perSecond = 2_000;

    server.run(Duration.ofSeconds(55));

    assertThat(clients)
        .allSatisfy(each ->
            assertThat(each.typicalNanos(1, false)).isLessThanOrEqualTo(4 * known.getAsLong()));
    assertThat(server.late).isLessThan(server.sent / 100);
  }

  @ParameterizedTest
  @ValueSource(longs = {15, 16, 17})
  void oneThreadNineTenthsUsed_isSlowMostOfTheTimeAndNotAtHalf(long seed) {
    var server = server(POLICY, seed);
    server.threads = 1;
    server.perSecond = 40;
    server.run(Duration.ofSeconds(20));

    server.perSecond = 180;
    assertThat(slowParts(server)).isGreaterThan(60);
    server.perSecond = 0;
    server.run(Duration.ofSeconds(2));
    assertThat(server.limiter.isSlow(time.nanos())).isFalse();
    server.perSecond = 100;
    assertThat(slowParts(server)).isLessThan(10);
  }

  /** In how many of a hundred moments, half a second apart, answers are slow. */
  private int slowParts(ModelServer server) {
    var slow = 0;
    for (var part = 0; part < 100; part++) {
      server.run(Duration.ofMillis(500));
      slow += server.limiter.isSlow(time.nanos()) ? 1 : 0;
    }
    return slow;
  }

  /** Answers within a millisecond, then 20, until that is doubted: the limit falls far at once. */
  private void answerUntilItMeasures(ConcurrencyLimiter limiter) {
    answers(limiter, 1, Duration.ofMillis(1));
    var before = limiter.limit();
    for (var call = 0; 2 * limiter.limit() > before; call++) {
      assertThat(call).isLessThan(100_000);
      before = limiter.limit();
      answer(limiter, 1, Duration.ofMillis(20));
    }
  }

  private void answers(ConcurrencyLimiter limiter, int keys, Duration each) {
    for (var call = 0; call < 500; call++) {
      answer(limiter, keys, each);
    }
  }

  private void answer(ConcurrencyLimiter limiter, int keys, Duration took) {
    var sent = limiter.tryAcquire();
    time.advance(Duration.ofMillis(1));
    limiter.report(keys, false, took.toNanos(), Signal.ANSWERED);
    if (sent) {
      limiter.release();
    }
  }

  private ConcurrencyLimiter limiter(LimiterPolicy policy) {
    return new ConcurrencyLimiter(policy, time);
  }

  private ModelServer server(LimiterPolicy policy, long seed) {
    return new ModelServer(limiter(policy), time, seed);
  }
}
