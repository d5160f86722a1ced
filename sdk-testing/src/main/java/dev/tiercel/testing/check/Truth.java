package dev.tiercel.testing.check;

import dev.tiercel.testing.check.Operation.Read;
import dev.tiercel.testing.check.Operation.Write;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether the values of one key are what was written, each under one version. */
final class Truth {

  private final String key;
  private final Map<Long, Write> writes;
  private final Findings findings;
  private final Map<Long, Holder> versions = new HashMap<>();

  /** Who showed first what a version holds. */
  private record Holder(long id, Operation witness) {}

  /** For one key; {@code writes} are those of all keys, by their number. */
  Truth(String key, Map<Long, Write> writes, Findings findings) {
    this.key = key;
    this.writes = writes;
    this.findings = findings;
  }

  /** Hears of a write of the key; of all of them before the reads. */
  void written(Write write) {
    if (write.outcome() instanceof Outcome.Acknowledged acknowledged) {
      hold(acknowledged.version(), write.id(), write);
    }
  }

  void check(Read read, Answer.Value value) {
    var write = writes.get(value.id());
    var wrong = wrong(read, value, write);
    if (wrong != null) {
      findings.add(Rule.TRUTH, key, wrong, write, read);
    } else {
      hold(value.version(), value.id(), read);
    }
  }

  private @Nullable String wrong(Read read, Answer.Value value, @Nullable Write write) {
    if (write == null || write.kind() == Operation.Kind.REMOVE) {
      return "a value that nobody wrote";
    }
    if (!write.key().equals(key)) {
      return "a value of key " + write.key();
    }
    if (write.outcome() instanceof Outcome.Refused) {
      return "the value of a write that was refused";
    }
    if (write.startNanos() > read.endNanos()) {
      return "a value before it was written";
    }
    return write.outcome() instanceof Outcome.Acknowledged acknowledged
            && acknowledged.version() != value.version()
        ? "a value under another version than its write was given"
        : null;
  }

  private void hold(long version, long id, Operation witness) {
    var holder = version == 0 ? null : versions.putIfAbsent(version, new Holder(id, witness));
    if (holder != null && holder.id != id) {
      findings.add(Rule.ONE_VALUE, key, "one version, two values", holder.witness, witness);
    }
  }
}
