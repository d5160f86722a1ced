package dev.tiercel.region;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.health.RegionState;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.region.RegionHealth.Verdict;
import dev.tiercel.testing.FakeTime;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many threads that read, fail, drain and look at once. */
class RegionStormTest {

  private static final int THREADS = 8;
  private static final int ROUNDS = 20_000;
  private static final long SEED = 5;

  private final FakeTime time = new FakeTime();
  private final Map<String, RegionState> states = new HashMap<>();
  private String current = "near";
  private int changes;

  private static final List<Verdict> VERDICTS = List.copyOf(EnumSet.allOf(Verdict.class));

  private final Regions regions = Regions.of(
      "users",
      false,
      List.of(region("near"), region("far")),
      RegionPolicy.defaults(),
      new Chain(),
      new Random(SEED),
      time);

  private static Region region(String name) {
    return new Region(name, new UnaskedTiers(), List.of(new StagedVitals("table")), List.of());
  }

  @Test
  void eachChangeIsToldOnce_inOrder() throws Exception {
    var threads = Executors.newFixedThreadPool(THREADS);
    try {
      var storms = IntStream.range(0, THREADS).mapToObj(this::storm).toList();
      for (var ended : threads.invokeAll(storms)) {
        assertThat(ended.get()).isEqualTo(ROUNDS);
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(changes).as("seed %s", SEED).isGreaterThan(10);
    assertThat(regions.current().region().name()).isEqualTo(current);
    for (var status : regions.statuses(region -> 0)) {
      assertThat(states.getOrDefault(status.region(), RegionState.HEALTHY))
          .isEqualTo(status.state());
    }
  }

  private Callable<Integer> storm(int thread) {
    var random = new Random(SEED + thread);
    return () -> {
      for (var round = 0; round < ROUNDS; round++) {
        step(random);
      }
      return ROUNDS;
    };
  }

  private void step(Random random) {
    var now = time.nanos();
    var order = regions.order("key" + random.nextInt(100), now);
    assertThat(order).isNotEmpty();
    var health = order.get(random.nextInt(order.size())).health();
    health.began(now);
    time.advance(Duration.ofNanos(random.nextInt(2_000_000)));
    health.ended(VERDICTS.get(random.nextInt(VERDICTS.size())), time.nanos() - now, time.nanos());
    switch (random.nextInt(100)) {
      case 0 -> regions.drain("near");
      case 1, 2 -> regions.undrain("near");
      case 3, 4, 5 -> health.beaten(time.nanos());
      default -> health.takesProbe(time.nanos());
    }
  }

  /** Hears only changes from what it heard last. Told by one thread at a time. */
  private final class Chain implements ServingListener {

    @Override
    public void onRegionState(String keyspace, String region, RegionState from, RegionState to) {
      changes++;
      var before = states.put(region, to);
      assertThat(before == null ? RegionState.HEALTHY : before).isEqualTo(from);
    }

    @Override
    public void onRegionSwitch(String keyspace, String from, String to) {
      changes++;
      assertThat(current).isEqualTo(from);
      current = to;
    }
  }
}
