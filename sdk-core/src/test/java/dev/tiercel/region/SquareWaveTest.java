package dev.tiercel.region;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.observe.ServingListener;
import dev.tiercel.region.Choice.Candidate;
import dev.tiercel.region.RegionHealth.Verdict;
import dev.tiercel.testing.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A near region that is down for 4 s and up for 4 s, over and over for 48 s, then well for good.
 */
class SquareWaveTest {

  private static final Duration WAVE = Duration.ofSeconds(48);
  private static final Duration HALF = Duration.ofSeconds(4);
  private static final Duration ALL = Duration.ofMinutes(5);
  private static final Duration HEALTHY_FOR = RegionPolicy.defaults().healthyFor();

  static Stream<Arguments> rates() {
    return Stream.of(
            IntStream.range(0, 200).mapToObj(seed -> Arguments.of(1, seed)),
            IntStream.range(0, 40).mapToObj(seed -> Arguments.of(100, seed)),
            IntStream.range(0, 3).mapToObj(seed -> Arguments.of(10_000, seed)))
        .flatMap(each -> each);
  }

  @ParameterizedTest(name = "{0} calls a second, seed {1}")
  @MethodSource("rates")
  void upAndDown_isNotFollowed(int rate, int seed) {
    var service = new Service(seed);

    service.run(rate, ALL);

    assertThat(service.switchesWithin(WAVE)).isLessThanOrEqualTo(3);
    assertThat(service.regions.current().region().name()).isEqualTo("near");
    assertThat(service.earliestReturns).allMatch(healthy -> healthy.compareTo(HEALTHY_FOR) >= 0);
    if (rate > 1) {
      assertThat(service.switches).hasSize(2);
      assertThat(service.earliestReturns).isNotEmpty();
    }
  }

  @Test
  void processes_comeBackAtDifferentTimes() {
    var times = IntStream.range(0, 20)
        .mapToObj(seed -> {
          var service = new Service(seed);
          service.offset = Duration.ZERO;
          service.run(100, ALL);
          return service.switches.get(1).toMillis() / 100;
        })
        .distinct()
        .count();

    assertThat(times).isGreaterThan(10);
  }

  /** A process that reads, the near region first. */
  private static final class Service {

    private final FakeTime time = new FakeTime();
    private final long start = time.nanos();
    private final Random random;
    private final Regions regions;

    /** When each switch was, since the start. */
    private final List<Duration> switches = new ArrayList<>();

    /** For how long the near region had been answering when reads went back there. */
    private final List<Duration> earliestReturns = new ArrayList<>();

    private Duration offset;
    private boolean lost;
    private long recoveredNanos;

    Service(int seed) {
      random = new Random(seed);
      offset = Duration.ofMillis(random.nextInt(4_000));
      regions = Regions.of(
          "users",
          false,
          List.of(region("near"), region("far")),
          RegionPolicy.defaults(),
          ServingListener.NONE,
          random,
          time);
      regions.onSwitch(candidate -> switches.add(elapsed()));
    }

    private static Region region(String name) {
      return new Region(name, new UnaskedTiers(), List.of(new StagedVitals("table")), List.of());
    }

    void run(int rate, Duration length) {
      var gap = Duration.ofNanos(1_000_000_000L / rate);
      while (elapsed().compareTo(length) < 0) {
        read();
        // After the wave, a tenth of the calls says as much.
        time.advance(elapsed().compareTo(WAVE) < 0 ? gap : gap.multipliedBy(rate > 100 ? 100 : 1));
      }
    }

    long switchesWithin(Duration length) {
      return switches.stream().filter(at -> at.compareTo(length) <= 0).count();
    }

    private Duration elapsed() {
      return Duration.ofNanos(time.nanos() - start);
    }

    private void read() {
      var order = regions.order("user:" + random.nextInt(1_000_000), time.nanos());
      var first = order.get(0);
      if (isNear(first) && !isNear(regions.current()) && !lost) {
        earliestReturns.add(Duration.ofNanos(time.nanos() - recoveredNanos));
      }
      call(first);
      if (isNear(first) && !isUp()) {
        call(order.get(1));
      }
      regions.all().stream()
          .filter(each -> !each.equals(regions.current()))
          .filter(each -> each.health().takesProbe(time.nanos()))
          .forEach(this::call);
    }

    private void call(Candidate candidate) {
      var up = !isNear(candidate) || isUp();
      if (isNear(candidate)) {
        recoveredNanos = up && lost ? time.nanos() : recoveredNanos;
        lost = !up;
      }
      var took = Duration.ofNanos(1_000_000 + random.nextInt(1_000_000));
      var began = time.nanos();
      candidate.health().began(began);
      time.schedule(
          took,
          () -> candidate
              .health()
              .ended(up ? Verdict.ANSWERED : Verdict.FAILED, time.nanos() - began, time.nanos()));
    }

    private static boolean isNear(Candidate candidate) {
      return candidate.region().name().equals("near");
    }

    private boolean isUp() {
      var at = elapsed().minus(offset);
      return at.isNegative() || elapsed().compareTo(WAVE) >= 0 || at.dividedBy(HALF) % 2 == 1;
    }
  }
}
