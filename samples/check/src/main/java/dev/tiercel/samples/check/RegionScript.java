package dev.tiercel.samples.check;

import dev.tiercel.testing.region.FaultScript;
import dev.tiercel.testing.region.FaultScript.Step;
import dev.tiercel.testing.region.Part;
import dev.tiercel.testing.region.RegionFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What goes wrong between two regions, by a seed: writes always arrive late or not at all, and one
 * after another the regions are killed, unheard or slow.
 */
final class RegionScript {

  private static final int LONGEST_LAG_MILLIS = 3_000;
  private static final int ENGINE_FAULTS = 6;

  private final Random random;
  private final int lengthMillis;

  private RegionScript(long seed, Duration length) {
    random = new Random(seed);
    lengthMillis = (int) length.toMillis();
  }

  /** The same seed, the same script. */
  static FaultScript of(long seed, Duration length) {
    var script = new RegionScript(seed, length);
    var steps = new ArrayList<Step>();
    script.replication(steps);
    script.engines(steps);
    return new FaultScript(seed, steps);
  }

  private void replication(List<Step> steps) {
    for (var at = 0; at < lengthMillis; ) {
      var lasts = millis(2_000, 5_000);
      if (random.nextInt(4) == 0) {
        add(steps, at, lasts, new RegionFault.Partition(RegionalStore.EAST, RegionalStore.WEST));
      } else {
        add(steps, at, lasts, lag(RegionalStore.EAST, RegionalStore.WEST));
        add(steps, at, lasts, lag(RegionalStore.WEST, RegionalStore.EAST));
      }
      at += lasts;
    }
  }

  private RegionFault lag(String from, String to) {
    return new RegionFault.Lag(from, to, Duration.ofMillis(millis(0, LONGEST_LAG_MILLIS)));
  }

  private void engines(List<Step> steps) {
    var turn = random.nextInt(ENGINE_FAULTS);
    for (var at = millis(1_000, 2_000); at < lengthMillis; at += millis(2_500, 4_000)) {
      var lasts = millis(1_500, 3_500);
      var region = random.nextInt(3) == 0 ? RegionalStore.WEST : RegionalStore.EAST;
      add(steps, at, lasts, engine(turn++ % ENGINE_FAULTS, region));
      at += lasts;
    }
  }

  private RegionFault engine(int kind, String region) {
    return switch (kind) {
      case 0 -> RegionFault.Kill.of(region);
      case 1 -> new RegionFault.BlackHole(region, Part.ALL);
      case 2 -> new RegionFault.Slow(region, Part.ALL, Duration.ofMillis(millis(50, 300)));
      case 3 -> new RegionFault.Kill(region, Part.CACHE, true);
      case 4 -> new RegionFault.BlackHole(region, Part.SOURCE);
      default ->
        new RegionFault.Unreachable(
            region.equals(RegionalStore.EAST) ? RegionalStore.WEST : RegionalStore.EAST, region);
    };
  }

  /** No fault outlives the script. */
  private void add(List<Step> steps, int at, int lasts, RegionFault fault) {
    var end = Math.min(at + lasts, lengthMillis);
    steps.add(new Step(Duration.ofMillis(at), Duration.ofMillis(end - at), fault));
  }

  private int millis(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }
}
