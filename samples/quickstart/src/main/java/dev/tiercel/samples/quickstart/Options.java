package dev.tiercel.samples.quickstart;

import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * What the command line asks for. Everything wrong with it is a {@link ParameterException} of one
 * line.
 */
final class Options {

  private static final int ZIPF_REQUESTS = 200_000;
  private static final int MAX_IN_FLIGHT = 1000;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "Replays this access trace (plain or *.xz); without it one is generated.")
  private @Nullable Path trace;

  @Option(
      names = "--key-bytes",
      paramLabel = "N",
      description = "Width of the trace's keys, 4 or 8; the names of the known traces tell it.")
  private @Nullable Integer keyBytes;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Writes the report here as well, as JSON.")
  private @Nullable Path json;

  @Option(
      names = "--requests",
      paramLabel = "N",
      description =
          "At most so many requests; the whole trace by default, or 200,000 of a generated one.")
  private @Nullable Integer requests;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Decides the generated trace and the writes; random by default.")
  private @Nullable Long seed;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      description = "So many requests on their way at a time; ${DEFAULT-VALUE} by default.",
      defaultValue = "64")
  private int inFlight;

  @Option(
      names = "--write-share",
      paramLabel = "SHARE",
      description =
          "The share of requests that write new features, 0 to 1; ${DEFAULT-VALUE} by default.",
      defaultValue = "0.005")
  private double writeShare;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  /** Reads or generates the trace. */
  Trace trace(long chosenSeed) {
    if (requests != null && requests < 1) {
      throw wrong("--requests: " + requests + " (expected: at least 1)");
    }
    if (keyBytes != null && keyBytes != Integer.BYTES && keyBytes != Long.BYTES) {
      throw wrong("--key-bytes: " + keyBytes + " (expected: 4 or 8)");
    }
    if (trace == null) {
      return Trace.zipf(requests == null ? ZIPF_REQUESTS : requests, chosenSeed);
    }
    try {
      var width = keyBytes == null ? OptionalInt.empty() : OptionalInt.of(keyBytes);
      return TraceFile.of(trace, width).read(requests == null ? Integer.MAX_VALUE : requests);
    } catch (TraceFile.Unreadable unreadable) {
      throw wrong(unreadable.getMessage());
    }
  }

  /** The seed asked for, or the given one. */
  long seed(long otherwise) {
    return seed == null ? otherwise : seed;
  }

  /** How many requests are on their way at a time. */
  int inFlight() {
    if (inFlight < 1 || inFlight > MAX_IN_FLIGHT) {
      throw wrong("--in-flight: " + inFlight + " (expected: 1 to " + MAX_IN_FLIGHT + ")");
    }
    return inFlight;
  }

  /** The share of requests that are writes. */
  double writeShare() {
    if (!(writeShare >= 0 && writeShare <= 1)) {
      throw wrong("--write-share: " + writeShare + " (expected: 0 to 1)");
    }
    return writeShare;
  }

  /** Where the JSON goes, null for nowhere; a file that can be written, as far as one can tell. */
  @Nullable
  Path json() {
    if (json == null) {
      return null;
    }
    var directory = json.toAbsolutePath().getParent();
    var writable = Files.exists(json)
        ? Files.isRegularFile(json) && Files.isWritable(json)
        : isWritable(directory);
    if (!writable) {
      throw wrong("--json: " + json + " (expected: a file that can be written)");
    }
    return json;
  }

  private static boolean isWritable(@Nullable Path directory) {
    return directory != null && Files.isDirectory(directory) && Files.isWritable(directory);
  }

  private ParameterException wrong(@Nullable String what) {
    return new ParameterException(requireNonNull(spec).commandLine(), what);
  }
}
