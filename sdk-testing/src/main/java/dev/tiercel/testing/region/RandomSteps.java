package dev.tiercel.testing.region;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/** How a random {@link FaultScript} comes about. */
final class RandomSteps {

  private static final int QUIET_MILLIS = 2_000;
  private static final int SHORTEST_MILLIS = 1_000;
  private static final int LONGEST_MILLIS = 4_000;
  private static final int MOST_SKEW_SECONDS = 300;
  private static final List<Part> PARTS = List.of(Part.values());

  private final Random random;
  private final List<String> regions;
  private final Deque<Kind> kinds = new ArrayDeque<>();

  private enum Kind {
    KILL,
    LOSE_CACHE,
    BLACK_HOLE,
    SLOW,
    TRICKLE,
    STALL,
    FLAP,
    PARTITION,
    UNREACHABLE,
    LAG,
    SKEW
  }

  RandomSteps(long seed, List<String> regions) {
    if (regions.size() < 2) {
      throw new IllegalArgumentException("regions: " + regions + " (expected: at least two)");
    }
    random = new Random(seed);
    this.regions = List.copyOf(regions);
  }

  List<FaultScript.Step> fill(Duration length) {
    var steps = new ArrayList<FaultScript.Step>();
    var start = QUIET_MILLIS;
    while (true) {
      var lasts = SHORTEST_MILLIS + random.nextInt(LONGEST_MILLIS - SHORTEST_MILLIS + 1);
      if (start + lasts + QUIET_MILLIS > length.toMillis()) {
        return steps;
      }
      steps.add(new FaultScript.Step(Duration.ofMillis(start), Duration.ofMillis(lasts), next()));
      start += lasts + QUIET_MILLIS;
    }
  }

  private RegionFault next() {
    if (kinds.isEmpty()) {
      var shuffled = Arrays.asList(Kind.values());
      Collections.shuffle(shuffled, random);
      kinds.addAll(shuffled);
    }
    var two = new ArrayList<>(regions);
    Collections.shuffle(two, random);
    return fault(kinds.remove(), two.get(0), two.get(1));
  }

  private RegionFault fault(Kind kind, String one, String other) {
    return switch (kind) {
      case KILL -> RegionFault.Kill.of(one);
      case LOSE_CACHE -> new RegionFault.Kill(one, Part.CACHE, true);
      case BLACK_HOLE -> new RegionFault.BlackHole(one, part());
      case SLOW -> new RegionFault.Slow(one, part(), millis(20, 200));
      case TRICKLE -> new RegionFault.Trickle(one, part(), 1_000 + random.nextInt(20_000));
      case STALL -> new RegionFault.Stall(one, part(), Duration.ofSeconds(1), millis(100, 500));
      case FLAP -> new RegionFault.Flap(one, part(), millis(200, 600), millis(200, 600));
      case PARTITION -> new RegionFault.Partition(one, other);
      case UNREACHABLE -> new RegionFault.Unreachable(one, other);
      case LAG -> new RegionFault.Lag(one, other, millis(200, 2_000));
      case SKEW -> new RegionFault.Skew(one, skew());
    };
  }

  private Part part() {
    return PARTS.get(random.nextInt(PARTS.size()));
  }

  private Duration millis(int least, int most) {
    return Duration.ofMillis(least + random.nextInt(most - least + 1));
  }

  private Duration skew() {
    return Duration.ofSeconds(random.nextInt(2 * MOST_SKEW_SECONDS + 1) - MOST_SKEW_SECONDS);
  }
}
