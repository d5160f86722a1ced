package dev.tiercel.samples.quickstart;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Prints how far a long piece of work is, once a second at most. Used by one thread. */
final class Progress {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final PrintWriter out;
  private final String verb;
  private final int total;
  private final Supplier<String> more;
  private final LongSupplier nanos;
  private final long begun;
  private long shown;

  /**
   * Begins the work.
   *
   * @param out where to print
   * @param verb what is done, in the past tense
   * @param total how much there is to do
   * @param more what else to say, empty for nothing
   * @param nanos a monotonic clock
   */
  Progress(PrintWriter out, String verb, int total, Supplier<String> more, LongSupplier nanos) {
    this.out = out;
    this.verb = verb;
    this.total = total;
    this.more = more;
    this.nanos = nanos;
    this.begun = nanos.getAsLong();
    this.shown = begun;
  }

  /** Prints a line, unless one has been printed within the last second. */
  void show(int done) {
    var now = nanos.getAsLong();
    if (now - shown >= SECOND) {
      shown = now;
      var rate = done / seconds();
      out.printf(Locale.ROOT, "  %s %,d of %,d, %,.0f/s%s%n", verb, done, total, rate, more.get());
      out.flush();
    }
  }

  /** How long the work has taken. */
  double seconds() {
    return (nanos.getAsLong() - begun) / 1e9;
  }
}
