package dev.tiercel.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuickstartTest {

  @TempDir
  private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--requests 0          | --requests: 0 (expected: at least 1)",
        "--requests many       | '--requests': 'many'",
        "--in-flight 0         | --in-flight: 0 (expected: 1 to 1000)",
        "--in-flight 1001      | --in-flight: 1001 (expected: 1 to 1000)",
        "--write-share 1.1     | --write-share: 1.1 (expected: 0 to 1)",
        "--write-share NaN     | --write-share: NaN (expected: 0 to 1)",
        "--seed x              | '--seed': 'x'",
        "--key-bytes 5         | --key-bytes: 5 (expected: 4 or 8)",
        "--trace web07.nowhere | --trace: web07.nowhere: not there",
        "--trace other.nowhere | --key-bytes: unknown for other.nowhere (expected: 4 or 8)",
        "--trace               | '--trace'",
        "--json no/where.json  | --json: no/where.json (expected: a file that can be written)",
        "--speed 3             | '--speed'",
        "extra                 | 'extra'",
      })
  void run_wrongArgument_oneLineAndExitCode2(String arguments, String complaint) {
    assertThat(run(arguments.split(" "))).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(1).allMatch(line -> line.startsWith("quickstart: "));
    assertThat(err.toString()).contains(complaint);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void run_traceCutOff_oneLineAndExitCode2() throws Exception {
    var file = Files.write(directory.resolve("scarab-recs.trace"), new byte[13]);
    assertThat(run("--trace", file.toString())).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(1).allMatch(line -> line.contains("cut off"));
  }

  @Test
  void run_help_saysHow() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains("--trace", "--json", "--requests", "--seed", "--in-flight", "--write-share");
  }

  @Test
  void run_onRealEngines_everyRequestIsAnsweredRightly() throws Exception {
    var json = directory.resolve("report.json");
    var code = run(
        "--requests",
        "2000",
        "--seed",
        "3",
        "--write-share",
        "0.02",
        "--in-flight",
        "32",
        "--json",
        json.toString());

    assertThat(code).as("%s%s", out, err).isZero();
    assertThat(out.toString())
        .contains(
            "2,000 requests over", "seed 3", "starting", "loading", "LOCAL", "REMOTE", "SOURCE");
    assertThat(err.toString()).isEmpty();
    var report = new ObjectMapper().readTree(json.toFile());
    assertThat(report.at("/requests").asInt()).isEqualTo(2000);
    assertThat(report.at("/errors").asInt()).isZero();
    assertThat(report.at("/mismatches").asInt()).isZero();
    assertThat(report.at("/reads").asInt() + report.at("/writes/count").asInt()).isEqualTo(2000);
    assertThat(report.at("/writes/count").asInt()).isBetween(10, 100);
    assertThat(report.at("/tiers/LOCAL/count").asInt()).isPositive();
    assertThat(report.at("/tiers/SOURCE/count").asInt()).isPositive();
    assertThat(report.at("/sourceLoads").asInt())
        .isPositive()
        .isLessThanOrEqualTo(report.at("/tiers/SOURCE/count").asInt());
    assertThat(report.at("/tiers/SOURCE/p50Micros").asDouble())
        .isGreaterThan(report.at("/tiers/LOCAL/p50Micros").asDouble());
  }

  private int run(String... args) {
    return Quickstart.run(new PrintWriter(out), new PrintWriter(err), args);
  }
}
