package dev.tiercel.testing.check;

import dev.tiercel.backend.Tier;
import dev.tiercel.testing.check.Operation.Barrier;
import dev.tiercel.testing.check.Operation.Kind;
import dev.tiercel.testing.check.Operation.Read;
import dev.tiercel.testing.check.Operation.Write;
import java.time.Duration;

/** Operations of histories written by hand: times in milliseconds, each call takes one. */
final class Given {

  static final String KEY = "k";

  private Given() {}

  static long nanos(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }

  /** A put whose number is its version. */
  static Write put(int process, long at, long version) {
    return put(process, at, version, new Outcome.Acknowledged(version));
  }

  static Write put(int process, long at, long id, Outcome outcome) {
    return new Write(process, KEY, Kind.PUT, id, nanos(at), nanos(at + 1), outcome);
  }

  static Write remove(int process, long at, long version) {
    var outcome = new Outcome.Acknowledged(version);
    return new Write(process, KEY, Kind.REMOVE, version, nanos(at), nanos(at + 1), outcome);
  }

  static Write removeUnknown(int process, long at, long id) {
    var outcome = new Outcome.Unknown("OutcomeUnknown");
    return new Write(process, KEY, Kind.REMOVE, id, nanos(at), nanos(at + 1), outcome);
  }

  /** A read of what the put of this version wrote, from the local tier, said to be fresh. */
  static Read read(int process, long at, long version, long age) {
    return read(process, at, version, age, Tier.LOCAL, Answer.FRESH);
  }

  static Read read(int process, long at, long version, long age, Tier tier, String staleness) {
    return read(process, at, new Answer.Value(version, version, tier, nanos(age), staleness));
  }

  static Read absent(int process, long at) {
    return read(process, at, new Answer.Absent());
  }

  static Read read(int process, long at, Answer answer) {
    return new Read(process, KEY, nanos(at), nanos(at + 1), answer, 0);
  }

  static Read atLeast(Read read, long version) {
    return new Read(
        read.process(), read.key(), read.startNanos(), read.endNanos(), read.answer(), version);
  }

  /** The same read with a bound of its own. */
  static Read within(Read read, long millis) {
    return new Read(
        read.process(),
        read.key(),
        read.startNanos(),
        read.endNanos(),
        read.answer(),
        read.atLeast(),
        nanos(millis));
  }

  static Barrier barrier(int process, Scope scope, long at) {
    return barrier(process, scope, at, new Outcome.Acknowledged(0));
  }

  static Barrier barrier(int process, Scope scope, long at, Outcome outcome) {
    return new Barrier(process, scope, nanos(at), nanos(at + 1), outcome);
  }

  static FaultWindow fault(long from, long to) {
    return new FaultWindow(nanos(from), nanos(to), "the feed of everybody cut");
  }

  static FaultWindow fault(long from, long to, FaultWindow.Target target, int process) {
    return new FaultWindow(nanos(from), nanos(to), "cut", target, process);
  }
}
