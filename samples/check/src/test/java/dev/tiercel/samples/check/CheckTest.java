package dev.tiercel.samples.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--processes 0               | --processes: 0 (expected: 1 to 16)",
        "--processes 17              | --processes: 17 (expected: 1 to 16)",
        "--processes many            | '--processes'",
        "--seconds 0                 | --seconds: 0 (expected: 1 to 3600)",
        "--seed x                    | '--seed'",
        "--without luck              | --without: [luck] (expected: [fence, lease, suspect])",
        "--keyspace java.lang.String | --keyspace: java.lang.String (expected: ",
        "--speed 3                   | '--speed'",
        "extra                       | 'extra'",
        "leases --processes 0        | --processes: 0 (expected: 1 to 16)",
        "leases --readers 5001       | --readers: 5001 (expected: 1 to 5000)",
        "leases --processes 1 --kill-holder | --processes: 1 (expected: 2 to 16)",
        "feed --seconds 5            | --seconds: 5 (expected: 6 to 600)",
        "feed --entries 99           | --entries: 99 (expected: 100 to 50000)",
        "groups --entries 99         | --entries: 99 (expected: 100 to 500000)",
        "regions --seconds 4         | --seconds: 4 (expected: 5 to 600)",
        "regions --writes nowhere    | --writes: nowhere (expected: home or anywhere)",
        "regions --without fence     | --without: fence (expected: floor)",
      })
  void run_wrongArgument_oneLineAndExitCode2(String arguments, String complaint) {
    assertThat(run(arguments.split(" "))).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(1).allMatch(line -> line.startsWith("check: "));
    assertThat(err.toString()).contains(complaint);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void run_help_saysHow() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains(
            "--processes",
            "--seconds",
            "--seed",
            "--without",
            "--keyspace",
            "leases",
            "feed",
            "groups",
            "regions");
  }

  /** A fault or two on real engines; the long runs are the command's. */
  @Test
  void run_fewSeconds_passes() {
    var code = run("--processes", "2", "--seconds", "5", "--seed", "7");

    assertThat(code).as("%s%s", out, err).isZero();
    assertThat(err.toString()).isEmpty();
    assertThat(out.toString()).contains("seed 7", "every rule kept").endsWith("PASS\n");
  }

  private int run(String... args) {
    return Check.run(new PrintWriter(out), new PrintWriter(err), args);
  }
}
