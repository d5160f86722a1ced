package dev.tiercel.testing.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a {@link FaultPlan} comes about. */
final class Planning {

  static final int QUIET_MILLIS = 4_000;
  private static final int CYCLE_MILLIS = 7_500;
  private static final int SHORTEST_MILLIS = 500;
  private static final int SHORTEST_FEED_LOSS_MILLIS = 2_000;
  private static final int LONGEST_MILLIS = 3_000;
  private static final double SECOND_FAULT = 0.3;

  private final Random random;
  private final int workers;
  private final int cycles;
  private final int cycleMillis;
  private final List<FaultKind> kinds;
  private final List<FaultKind> deck = new ArrayList<>();
  private final List<PlannedFault> planned = new ArrayList<>();
  private int dealt;

  Planning(long seed, int workers, int millis, Set<FaultKind> kinds) {
    this.random = new Random(seed);
    this.workers = workers;
    this.cycles = Math.max(1, millis / CYCLE_MILLIS);
    this.cycleMillis = millis / cycles;
    // In the enum's own order: that of a set may differ from run to run.
    this.kinds = kinds.stream().filter(FaultKind::isFault).sorted().toList();
  }

  FaultPlan plan() {
    for (var cycle = 0; cycle < cycles; cycle++) {
      var dealt = deal(cycle);
      for (var kind : dealt) {
        planned.add(fault(kind, cycle * cycleMillis));
      }
      if (dealt.stream().noneMatch(kind -> kind.target() == FaultKind.Target.SOURCE)) {
        latency(cycle * cycleMillis);
      }
    }
    planned.sort(Comparator.comparingInt(PlannedFault::startMillis));
    return new FaultPlan(planned);
  }

  /** One kind, or two of different targets: two while there are more new kinds than cycles. */
  private List<FaultKind> deal(int cycle) {
    if (kinds.isEmpty()) {
      return List.of();
    }
    var crowded = kinds.size() - dealt > cycles - cycle;
    var first = draw(null);
    if (first == null) {
      return List.of();
    }
    var second = !crowded && random.nextDouble() >= SECOND_FAULT ? null : draw(first.target());
    return second == null ? List.of(first) : List.of(first, second);
  }

  /** The next kind that befalls something else; null if the deck has none. */
  private @Nullable FaultKind draw(FaultKind.@Nullable Target other) {
    refill();
    for (var kind : deck) {
      if (kind.target() != other) {
        deck.remove(kind);
        dealt++;
        return kind;
      }
    }
    return null;
  }

  private void refill() {
    if (deck.isEmpty()) {
      deck.addAll(kinds);
      Collections.shuffle(deck, random);
    }
  }

  private PlannedFault fault(FaultKind kind, int from) {
    var window = Math.max(cycleMillis - QUIET_MILLIS, SHORTEST_MILLIS * 3 / 2);
    var start = random.nextInt(window / 4);
    var longest = Math.min(LONGEST_MILLIS, window - start);
    // To lose everything takes no time.
    var length = kind == FaultKind.REDIS_FLUSH ? 0 : between(shortest(kind, longest), longest);
    var delay = switch (kind) {
      case FEED_DELAY -> between(100, 1_500);
      case SOURCE_DELAY -> between(200, 900);
      default -> 0;
    };
    return new PlannedFault(kind, random.nextInt(workers), from + start, length, delay);
  }

  /** What a feed misses in no time is too little to be missed by anybody. */
  private static int shortest(FaultKind kind, int longest) {
    var misses = kind.target() == FaultKind.Target.FEED && kind != FaultKind.FEED_DELAY;
    return misses ? Math.min(longest, SHORTEST_FEED_LOSS_MILLIS) : SHORTEST_MILLIS;
  }

  /**
   * Through a cycle in which the source has no fault, one worker is somewhat farther from it: its
   * loads take longer, and may be overtaken.
   */
  private void latency(int from) {
    var delay = between(60, 200);
    var worker = random.nextInt(workers);
    planned.add(new PlannedFault(FaultKind.SOURCE_LATENCY, worker, from, cycleMillis - 1, delay));
  }

  private int between(int least, int most) {
    return least + random.nextInt(Math.max(1, most - least + 1));
  }
}
