package dev.tiercel.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.Throttled;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import java.net.ConnectException;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailuresTest {

  private final Failures failures = new Failures(Where.at("redis", "eu"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OOM command not allowed when used memory > 'maxmemory'.",
        "ERR Error running script (call to f_4711): @user_script:47: @user_script: 47: -OOM command not allowed",
        "ERR Error running script (call to f_4711): @user_script:47: -READONLY You can't write against a read only replica.",
        "BUSY Redis is busy running a script.",
        "LOADING Redis is loading the dataset in memory",
        "READONLY You can't write against a read only replica.",
        "CLUSTERDOWN The cluster is down",
        "NOAUTH Authentication required.",
        "MISCONF Redis is configured to save RDB snapshots",
        "MOVED 3999 127.0.0.1:6381"
      })
  void write_refusedBeforeItDidAnything_isUnavailable(String message) {
    var failure = failures.ofWrite(new RedisCommandExecutionException(message), true);

    assertThat(failure).isInstanceOf(Unavailable.class).hasMessageNotContaining("Redis is");
    assertThat(failure.where().region()).isEqualTo("eu");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LOADING Redis is loading the dataset in memory",
        "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
        "OOM command not allowed when used memory > 'maxmemory'.",
        "CLUSTERDOWN The cluster is down",
        "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
        "ERR max number of clients reached"
      })
  void overload_thatServesNothing_isUnavailableForReadsAndWrites(String message) {
    var error = new RedisCommandExecutionException(message);

    assertThat(failures.ofRead(error)).isInstanceOf(Unavailable.class);
    assertThat(failures.ofWrite(error, true)).isInstanceOf(Unavailable.class);
  }

  @Test
  void pushBack_isThrottled_andNothingWasDone() {
    var error =
        new RedisCommandExecutionException("TRYAGAIN Multiple keys request during rehashing");

    for (var failure : List.of(failures.ofRead(error), failures.ofWrite(error, true))) {
      assertThat(failure).isInstanceOf(Throttled.class).hasMessageContaining("TRYAGAIN");
      assertThat(failure.where().region()).isEqualTo("eu");
    }
  }

  @Test
  void connecting_tooManyClients_isNamedAndPasses() {
    var refused = new RedisConnectionException(
        "Unable", new RedisCommandExecutionException("ERR max number of clients reached"));

    assertThat(failures.ofConnecting(refused))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("MAXCLIENTS");
    assertThat(failures.refusal(refused)).isNull();
  }

  @Test
  void write_failedInAnUnknownWay_isUnknown() {
    var message =
        "ERR Error running script (call to f_4711): @user_script:3: attempt to index a nil value";

    assertThat(failures.ofWrite(new RedisCommandExecutionException(message), true))
        .isInstanceOf(OutcomeUnknown.class)
        .hasMessageContaining("error: ERR");
  }

  @Test
  void write_lost_isUnknownOnlyIfItMayHaveRun() {
    assertThat(failures.ofWrite(new RedisException("Connection disconnected"), true))
        .isInstanceOf(OutcomeUnknown.class);
    assertThat(failures.ofWrite(new CancellationException(), true))
        .isInstanceOf(OutcomeUnknown.class);
    assertThat(failures.ofWrite(new RedisException("Currently not connected"), false))
        .isInstanceOf(Unavailable.class);
    assertThat(failures.ofWrite(failures.queueFull(1), false)).isInstanceOf(Overloaded.class);
  }

  @Test
  void read_anyFailure_isUnavailable() {
    assertThat(failures.ofRead(new RedisException("Connection disconnected")))
        .isInstanceOf(Unavailable.class);
    assertThat(failures.ofRead(new RedisCommandExecutionException("ERR syntax")))
        .isInstanceOf(Unavailable.class);
    assertThat(failures.ofRead(new IllegalStateException("bug")))
        .hasMessageContaining("IllegalStateException");
  }

  @Test
  void whatRedisRepeatsOfACommand_isNotPassedOn() {
    var echo = new RedisCommandExecutionException(
        "ERR unknown command `AUTH`, with args beginning with: `ann` `s3cret`");

    assertHides(failures.ofRead(echo));
    assertHides(failures.ofWrite(echo, true));
    assertHides(failures.ofConnecting(new RedisConnectionException("Unable to connect", echo)));
  }

  @Test
  void connecting_saysWhatWasInTheWay() {
    assertThat(failures.ofConnecting(
            new RedisConnectionException("Unable", new ConnectException("refused"))))
        .hasMessageContaining("ConnectException");
    assertThat(failures.ofConnecting(
            new RedisConnectionException("Unable", new RedisCommandExecutionException("NOAUTH x"))))
        .hasMessageContaining("NOAUTH");
  }

  private static void assertHides(Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      assertThat(cause).hasMessageNotContaining("s3cret");
    }
  }
}
