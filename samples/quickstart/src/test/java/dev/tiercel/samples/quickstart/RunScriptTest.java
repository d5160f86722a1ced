package dev.tiercel.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script as far as it goes without building anything. */
class RunScriptTest {

  private static final Path SCRIPT = Path.of("..", "run").toAbsolutePath().normalize();

  @TempDir
  private Path elsewhere;

  @Test
  void run_noArguments_usageAndExitCode2() throws Exception {
    assertThat(run()).startsWith("2: usage: samples/run quickstart");
  }

  @Test
  void run_unknownSample_usageAndExitCode2() throws Exception {
    assertThat(run("nothing")).startsWith("2: usage: samples/run quickstart");
  }

  private String run(String... args) throws IOException, InterruptedException {
    var command =
        Stream.concat(Stream.of("sh", SCRIPT.toString()), Stream.of(args)).toList();
    var process = new ProcessBuilder(command)
        .directory(elsewhere.toFile())
        .redirectErrorStream(true)
        .start();
    var printed = new String(
        process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    return process.exitValue() + ": " + printed;
  }
}
