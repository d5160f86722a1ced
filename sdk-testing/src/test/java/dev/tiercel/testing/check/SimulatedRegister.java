package dev.tiercel.testing.check;

import dev.tiercel.backend.Tier;
import dev.tiercel.testing.check.Operation.Barrier;
import dev.tiercel.testing.check.Operation.Kind;
import dev.tiercel.testing.check.Operation.Read;
import dev.tiercel.testing.check.Operation.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Makes correct histories: writes take effect at a moment within them, and a read answers with what
 * was there at a moment that the rules allow, which its labels tell truly.
 */
final class SimulatedRegister {

  static final Rules RULES = Rules.of(Duration.ofSeconds(10));

  private static final long SPAN = Duration.ofSeconds(60).toNanos();
  private static final long LONGEST_CALL = Duration.ofMillis(40).toNanos();
  private static final long CONVERGENCE = RULES.convergence().toNanos();
  private static final long BOUND = RULES.maxStaleness().toNanos();

  private final Random random;
  private final int keys;
  private final int processes;
  private final Map<String, TreeMap<Long, Write>> effects = new HashMap<>();
  private final Map<String, Long> seen = new HashMap<>();
  private final List<Operation> operations = new ArrayList<>();
  private final List<Barrier> barriers = new ArrayList<>();

  SimulatedRegister(long seed, int keys, int processes) {
    this.random = new Random(seed);
    this.keys = keys;
    this.processes = processes;
  }

  History run(int writes, int reads) {
    for (int id = 1; id <= writes; id++) {
      write(id);
    }
    for (int count = 0; count < writes / 10; count++) {
      invalidate();
    }
    for (int count = 0; count < reads; count++) {
      // One after the other, so that each process knows what it saw before.
      read(SPAN / reads * count);
    }
    return new History(operations);
  }

  List<Read> finalReads() {
    return effects.keySet().stream()
        .map(key -> new Read(0, key, 2 * SPAN, 2 * SPAN, answer(key, 2 * SPAN, 0, Tier.SOURCE), 0))
        .toList();
  }

  private void write(long id) {
    var key = key();
    var start = below(SPAN);
    var effect = start + below(LONGEST_CALL);
    var end = effect + below(LONGEST_CALL);
    var kind = random.nextInt(10) == 0 ? Kind.REMOVE : Kind.PUT;
    var luck = random.nextInt(20);
    Outcome outcome = new Outcome.Acknowledged(effect + 1);
    if (luck < 2) {
      outcome = new Outcome.Refused("Overloaded");
    } else if (luck < 5) {
      outcome = new Outcome.Unknown("OutcomeUnknown");
    }
    var write = new Write(random.nextInt(processes), key, kind, id, start, end, outcome);
    operations.add(write);
    if (luck >= 3) {
      effects.computeIfAbsent(key, any -> new TreeMap<>()).put(effect, write);
    }
  }

  private void invalidate() {
    var start = below(SPAN);
    var end = start + below(LONGEST_CALL);
    var done = new Outcome.Acknowledged(0);
    barriers.add(new Barrier(random.nextInt(processes), new Scope.All(), start, end, done));
    operations.add(barriers.get(barriers.size() - 1));
  }

  private void read(long start) {
    var process = random.nextInt(processes);
    var key = key();
    var fresh = random.nextInt(4) > 0;
    var oldest = Math.max(start - (fresh ? CONVERGENCE : BOUND), floor(process, key, start, fresh));
    var observed = random.nextBoolean() ? start : oldest + below(start - oldest + 1);
    // Absent answers have no label, so they are bound as fresh ones are.
    if (!(answer(key, observed, 0, Tier.LOCAL) instanceof Answer.Value)) {
      observed = start;
    }
    seen.put(process + key, observed);
    var tier = observed == start ? Tier.SOURCE : Tier.LOCAL;
    var answer = answer(key, observed, start - observed, tier);
    if (answer instanceof Answer.Value value && !fresh) {
      answer =
          new Answer.Value(value.id(), value.version(), value.tier(), value.ageNanos(), "SUSPECT");
    }
    var bound = tier == Tier.SOURCE ? 0 : Read.KEYSPACE_BOUND;
    operations.add(new Read(process, key, start, start + 1, answer, 0, bound));
  }

  /** The earliest moment whose state this read may answer with. */
  private long floor(int process, String key, long start, boolean fresh) {
    long floor = seen.getOrDefault(process + key, Long.MIN_VALUE);
    for (var write : effects.getOrDefault(key, new TreeMap<>()).entrySet()) {
      if (write.getValue().process() == process && write.getValue().endNanos() < start) {
        floor = Math.max(floor, write.getKey());
      }
    }
    for (var barrier : barriers) {
      var reach = barrier.process() == process ? start : start - CONVERGENCE;
      var binds = fresh || barrier.process() == process;
      if (binds && barrier.endNanos() < reach) {
        floor = Math.max(floor, barrier.startNanos());
      }
    }
    return floor;
  }

  private Answer answer(String key, long observed, long age, Tier tier) {
    var last = effects.getOrDefault(key, new TreeMap<>()).floorEntry(observed);
    return last == null || last.getValue().kind() == Kind.REMOVE
        ? new Answer.Absent()
        : new Answer.Value(last.getValue().id(), last.getKey() + 1, tier, age, Answer.FRESH);
  }

  private String key() {
    return "k" + random.nextInt(keys);
  }

  private long below(long bound) {
    return random.nextLong(bound);
  }
}
