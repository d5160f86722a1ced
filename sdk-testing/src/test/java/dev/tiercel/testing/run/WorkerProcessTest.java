package dev.tiercel.testing.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerProcessTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir
  private Path directory;

  @Test
  void tell_lines_theyAreAnswered() throws Exception {
    try (var echo = start(line -> false)) {
      assertThat(echo.next(PATIENCE)).isEqualTo("hello from a process");
      echo.tell("one");
      echo.tell("two");
      echo.await("two", PATIENCE);
      assertThat(echo.isAlive()).isTrue();
    }
  }

  @Test
  void heard_lineThatIsWanted_isNotForNext() throws Exception {
    var heard = new ConcurrentLinkedQueue<String>();
    try (var echo = start(line -> line.startsWith("secret") && heard.add(line))) {
      echo.tell("secret");
      echo.tell("open");
      echo.await("open", PATIENCE);
    }
    assertThat(heard).containsExactly("secret");
  }

  @Test
  void close_ofOneThatEndsWithItsInput_endsItOrderly() throws Exception {
    var echo = start(line -> false);
    echo.close();
    assertThat(echo.isAlive()).isFalse();
    assertThat(echo.end().get(30, TimeUnit.SECONDS).exitValue()).isZero();
  }

  @Test
  void next_ofOneThatWasKilled_saysSoWithTheEndOfItsLog() throws Exception {
    try (var echo = start(line -> false)) {
      echo.next(PATIENCE);
      echo.kill();
      for (var again = 0; again < 2; again++) {
        assertThatThrownBy(() -> echo.next(PATIENCE))
            .isInstanceOf(WorkerException.class)
            .hasMessageContaining("echo: ended with code ")
            .hasMessageContaining("a line of the log");
      }
    }
  }

  @Test
  void close_twice_doesNothingMore() throws Exception {
    var echo = start(line -> false);
    echo.close();
    echo.close();
    echo.tell("into the void");
    assertThat(echo.isAlive()).isFalse();
  }

  private WorkerProcess start(Predicate<String> heard) {
    return WorkerProcess.start(
        "echo", Echo.class, List.of("a process"), directory, List.of("-Dgreeting=hello"), heard);
  }

  /** Says what it is told. */
  static final class Echo {

    public static void main(String[] args) throws IOException {
      System.err.println("a line of the log");
      System.out.println(System.getProperty("greeting") + " from " + args[0]);
      var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (var line = input.readLine(); line != null; line = input.readLine()) {
        System.out.println(line);
      }
    }
  }
}
