package dev.tiercel.region;

import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import java.util.function.UnaryOperator;

/** What is said of where answers come from, beyond what they say themselves. */
final class Labels {

  private Labels() {}

  /** The same outcome with another origin; a failure has none. */
  static ReadOutcome with(ReadOutcome outcome, UnaryOperator<Origin> label) {
    if (outcome instanceof ReadOutcome.Found found) {
      var origin = label.apply(found.origin());
      return origin.equals(found.origin()) ? found : new ReadOutcome.Found(found.entry(), origin);
    }
    return outcome instanceof ReadOutcome.Absent absent
        ? with(absent, label.apply(absent.origin()))
        : outcome;
  }

  private static ReadOutcome.Absent with(ReadOutcome.Absent absent, Origin origin) {
    return origin.equals(absent.origin())
        ? absent
        : new ReadOutcome.Absent(
            absent.tombstone(), origin, absent.lease(), absent.unreadable(), absent.mark());
  }
}
