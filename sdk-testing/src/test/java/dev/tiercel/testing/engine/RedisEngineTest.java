package dev.tiercel.testing.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RedisEngineTest {

  @Test
  void launch_ping_answersPong() throws IOException {
    try (var redis = RedisEngine.launch();
        var connection = new Connection(redis)) {
      assertThat(connection.ask("PING")).isEqualTo("+PONG");
      assertThat(redis.uri()).hasToString("redis://127.0.0.1:" + redis.port());
    }
  }

  @Test
  void launch_settings_reachTheServer() throws IOException {
    try (var redis = RedisEngine.launch("--requirepass", "open");
        var connection = new Connection(redis)) {
      assertThat(connection.ask("GET a")).startsWith("-NOAUTH");
    }
  }

  @Test
  void launch_badSetting_failsWithWhatRedisSaid() {
    assertThatThrownBy(() -> RedisEngine.launch("--no-such-setting", "1"))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("ended with code 1")
        .hasMessageContaining("no-such-setting");
  }

  @Test
  void kill_thenStart_samePortAndEmpty() throws IOException {
    try (var redis = RedisEngine.launch()) {
      int port = redis.port();
      try (var before = new Connection(redis)) {
        assertThat(before.ask("SET a 1")).isEqualTo("+OK");
        redis.kill();
        assertThat(before.awaitEnd()).isTrue();
      }
      assertThat(redis.isRunning()).isFalse();
      assertThatThrownBy(() -> new Connection(redis)).isInstanceOf(ConnectException.class);

      redis.start();

      assertThat(redis.port()).isEqualTo(port);
      try (var after = new Connection(redis)) {
        assertThat(after.ask("EXISTS a")).isEqualTo(":0");
      }
    }
  }

  @Test
  void stop_thenStart_answersAgain() throws IOException {
    try (var redis = RedisEngine.launch()) {
      redis.pause();
      redis.stop();
      assertThat(redis.isRunning()).isFalse();
      redis.start();
      try (var connection = new Connection(redis)) {
        assertThat(connection.ask("PING")).isEqualTo("+PONG");
      }
    }
  }

  @Test
  void pause_ping_answersOnlyAfterResume() throws IOException {
    try (var redis = RedisEngine.launch();
        var connection = new Connection(redis)) {
      redis.pause();
      assertThatThrownBy(() -> connection.ask("PING")).isInstanceOf(SocketTimeoutException.class);
      assertThat(redis.isRunning()).isTrue();

      redis.resume();

      assertThat(connection.readAfterTimeout()).isEqualTo("+PONG");
    }
  }

  @Test
  void pause_notRunning_isRefused() {
    try (var redis = RedisEngine.launch()) {
      redis.kill();
      assertThatThrownBy(redis::pause)
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("not running");
    }
  }

  @Test
  void close_leavesNoProcessAndNoFile() throws Exception {
    // Engines that other tests share stay.
    var others = children();
    var redis = RedisEngine.launch();
    var process = redis.process().handle().orElseThrow();
    var directory = redis.process().log().getParent();
    assertThat(children()).contains(process.pid());
    assertThat(directory).exists();

    redis.pause();
    redis.close();
    redis.close();

    process.onExit().get(10, TimeUnit.SECONDS);
    assertThat(process.isAlive()).isFalse();
    assertThat(children()).isSubsetOf(others);
    assertThat(Files.exists(directory)).isFalse();
    assertThatThrownBy(redis::start)
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void launch_two_areApart() throws IOException {
    try (var one = RedisEngine.launch();
        var two = RedisEngine.launch();
        var toOne = new Connection(one);
        var toTwo = new Connection(two)) {
      assertThat(one.port()).isNotEqualTo(two.port());
      assertThat(toOne.ask("SET a 1")).isEqualTo("+OK");
      assertThat(toTwo.ask("EXISTS a")).isEqualTo(":0");
    }
  }

  private static List<Long> children() {
    return ProcessHandle.current().children().map(ProcessHandle::pid).toList();
  }

  /** Just enough of the protocol to ask for one line. */
  private static final class Connection implements AutoCloseable {
    private static final int SILENCE_MILLIS = 300;
    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;
    private final BufferedReader reader;

    Connection(RedisEngine redis) throws IOException {
      socket = new Socket(InetAddress.getByName(redis.host()), redis.port());
      socket.setSoTimeout(SILENCE_MILLIS);
      reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
    }

    String ask(String command) throws IOException {
      socket.getOutputStream().write((command + "\r\n").getBytes(US_ASCII));
      return reader.readLine();
    }

    String readAfterTimeout() throws IOException {
      socket.setSoTimeout(PATIENCE_MILLIS);
      return reader.readLine();
    }

    boolean awaitEnd() {
      try {
        return readAfterTimeout() == null;
      } catch (IOException reset) {
        return !(reset instanceof SocketTimeoutException);
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
