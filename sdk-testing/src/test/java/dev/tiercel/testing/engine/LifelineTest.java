package dev.tiercel.testing.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LifelineTest {

  @Test
  void jvmKilled_engineEndsAndItsFilesGo() throws Exception {
    try (var holder = new Holder()) {
      var engine = ProcessHandle.of(holder.enginePid).orElseThrow();
      assertThat(holder.engineDirectory).exists();

      holder.process.destroyForcibly();

      engine.onExit().get(10, TimeUnit.SECONDS);
      assertThat(gone(holder.engineDirectory)).isTrue();
    }
  }

  @Test
  void jvmEndsWithoutClose_engineEndsAndItsFilesGo() throws Exception {
    try (var holder = new Holder()) {
      var engine = ProcessHandle.of(holder.enginePid).orElseThrow();

      holder.process.getOutputStream().close();

      engine.onExit().get(10, TimeUnit.SECONDS);
      assertThat(holder.process.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(gone(holder.engineDirectory)).isTrue();
    }
  }

  private static boolean gone(Path directory) {
    return Waiting.until(() -> !Files.exists(directory), Duration.ofSeconds(10));
  }

  /**
   * Another JVM that starts a Redis, says where, and ends when its input does, without closing the
   * engine.
   */
  private static final class Holder implements AutoCloseable {
    final Process process;
    final long enginePid;
    final Path engineDirectory;

    Holder() throws IOException {
      process = new ProcessBuilder(
              Machine.java().toString(),
              "-XX:TieredStopAtLevel=1",
              "-cp",
              System.getProperty("java.class.path"),
              HolderProgram.class.getName())
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
      var output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
      enginePid = Long.parseLong(output.readLine());
      engineDirectory = Path.of(output.readLine());
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  /** What the other JVM runs. */
  static final class HolderProgram {
    private HolderProgram() {}

    public static void main(String[] arguments) throws IOException {
      var redis = RedisEngine.launch();
      System.out.println(redis.process().handle().orElseThrow().pid());
      System.out.println(redis.process().log().getParent());
      System.in.readAllBytes();
    }
  }
}
