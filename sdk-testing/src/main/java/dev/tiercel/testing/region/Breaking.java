package dev.tiercel.testing.region;

import dev.tiercel.testing.chaos.Direction;
import dev.tiercel.testing.chaos.Fault;
import dev.tiercel.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.function.Function;
import java.util.function.Supplier;

/** How each fault is done; every method breaks something and returns how it is healed. */
record Breaking(RegionHarness harness, Replicator replicator, Time time) {

  Runnable begin(RegionFault fault) {
    return fault instanceof RegionFault.Partition one
        ? partition(one)
        : fault instanceof RegionFault.Unreachable one
            ? unreachable(one)
            : fault instanceof RegionFault.Lag one
                ? replicator.delay(one.from(), one.to(), one.by())
                : fault instanceof RegionFault.Skew one ? skew(one) : befall(fault);
  }

  private Runnable befall(RegionFault fault) {
    if (fault instanceof RegionFault.Kill one) {
      return kill(one);
    } else if (fault instanceof RegionFault.BlackHole one) {
      return blackHole(one.region(), one.part());
    } else if (fault instanceof RegionFault.Slow one) {
      return inject(one.region(), one.part(), Route.slower(one.by()));
    } else if (fault instanceof RegionFault.Trickle one) {
      return inject(one.region(), one.part(), new Fault.Slow(Direction.BOTH, one.bytesPerSecond()));
    } else if (fault instanceof RegionFault.Stall one) {
      return stall(one);
    } else if (fault instanceof RegionFault.Flap one) {
      return flap(one);
    }
    throw new IllegalArgumentException("fault: " + fault + " (expected: a known one)");
  }

  private Runnable kill(RegionFault.Kill fault) {
    var undos = new ArrayList<Runnable>();
    if (fault.loseCache() && fault.part().includes(Part.CACHE)) {
      var redis = harness.region(fault.region()).redis();
      redis.kill();
      undos.add(redis::ensureAnswering);
    }
    undos.add(cut(fault.region(), fault.part()));
    // A Redis that was lost answers again before its proxies let anybody through.
    return () -> undos.forEach(Runnable::run);
  }

  private Runnable stall(RegionFault.Stall fault) {
    var up = fault.every().minus(fault.lasts());
    return wave(fault.lasts(), up, () -> blackHole(fault.region(), fault.part()));
  }

  private Runnable flap(RegionFault.Flap fault) {
    return wave(fault.down(), fault.up(), () -> cut(fault.region(), fault.part()));
  }

  private Runnable wave(Duration down, Duration up, Supplier<Runnable> breaks) {
    var wave = new SquareWave(time, down, up, breaks);
    wave.fall();
    return wave::stop;
  }

  private Runnable partition(RegionFault.Partition fault) {
    var there = replicator.cut(fault.one(), fault.other());
    var back = replicator.cut(fault.other(), fault.one());
    return () -> {
      there.run();
      back.run();
    };
  }

  private Runnable unreachable(RegionFault.Unreachable fault) {
    var route = harness.region(fault.region()).route(fault.client());
    return route.inject(Part.ALL, new Fault.BlackHole(Direction.BOTH));
  }

  private Runnable skew(RegionFault.Skew fault) {
    var clock = harness.region(fault.region()).skewedTime();
    clock.shift(fault.by());
    return () -> clock.shift(fault.by().negated());
  }

  private Runnable blackHole(String region, Part part) {
    return inject(region, part, new Fault.BlackHole(Direction.BOTH));
  }

  private Runnable inject(String region, Part part, Fault fault) {
    return onEveryRoute(region, route -> route.inject(part, fault));
  }

  private Runnable cut(String region, Part part) {
    return onEveryRoute(region, route -> route.kill(part));
  }

  private Runnable onEveryRoute(String region, Function<Route, Runnable> breaks) {
    return Undo.all(harness.region(region).routes().stream().map(breaks).toList());
  }
}
