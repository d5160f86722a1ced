package dev.tiercel.redis;

import static dev.tiercel.redis.Calls.await;
import static dev.tiercel.redis.Calls.value;
import static dev.tiercel.redis.Calls.writeFailure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.Unavailable;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.testing.RedisExtension;
import dev.tiercel.testing.UniqueName;
import dev.tiercel.testing.engine.RedisEngine;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a connection has left in the network when another takes its place. */
@ExtendWith(RedisExtension.class)
class PredecessorsTest {

  private final RedisEngine redis;
  private final FakeTime time = new FakeTime();
  private final String keyspace = UniqueName.of("predecessors");

  PredecessorsTest(RedisEngine redis) {
    this.redis = redis;
  }

  @Test
  void write_heldInTheNetwork_isNotRunOnceTheNextConnectionIsUp() throws IOException {
    try (var relay = new HoldingRelay(redis.uri());
        var backend = RedisBackend.connect(RedisOptions.of(relay.uri()), time)) {
      var calls = new Calls(backend, keyspace);
      answered(calls);
      for (var round = 0; round < 3; round++) {
        var held = relay.holdAll();
        var write = calls.put("key" + round, value("late", 1));
        await("bytes in the network", () -> held.stream().anyMatch(hop -> hop.heldBytes() > 0));
        time.advance(Duration.ofSeconds(2).plusNanos(1));

        answered(calls);
        assertThat(writeFailure(write)).isInstanceOf(OutcomeUnknown.class);
        await("the end of all before", () -> held.stream().allMatch(HoldingRelay.Hop::serverEnded));
        held.forEach(hop -> hop.hold(false));

        assertThat(Calls.outcome(calls.read("key" + round))).isInstanceOf(ReadOutcome.Absent.class);
      }
    }
  }

  @Test
  void client_mayNotEndOthers_connectsAllTheSame() {
    try (var console = new RedisConsole(redis.uri())) {
      console
          .commands()
          .aclSetuser(
              "plain",
              AclSetuserArgs.Builder.on()
                  .addPassword("s3cret")
                  .allKeys()
                  .allCommands()
                  .removeCommand(CommandType.CLIENT));
      var uri = URI.create("redis://plain:s3cret@" + redis.host() + ":" + redis.port());
      try (var backend = RedisBackend.connect(RedisOptions.of(uri), time)) {
        assertThat(Calls.writeOutcome(new Calls(backend, keyspace).put("key", value("value", 1))))
            .isEqualTo(new WriteOutcome.Stored(1));
      }
    }
  }

  @Test
  void queueOfOne_isEnoughForAnIntroduction() throws IOException {
    try (var relay = new HoldingRelay(redis.uri());
        var backend =
            RedisBackend.connect(RedisOptions.of(relay.uri()).maxQueuedCommands(1), time)) {
      var calls = new Calls(backend, keyspace);
      for (var round = 0; round < 3; round++) {
        answered(calls);
        relay.holdAll();
        var read = calls.read("key");
        time.advance(Duration.ofSeconds(2).plusNanos(1));
        answered(calls);
        assertThat(Calls.failure(read)).isInstanceOf(Unavailable.class);
      }
    }
  }

  private void answered(Calls calls) {
    await("an answer", () -> {
      time.advance(Duration.ofSeconds(1));
      return Calls.outcome(calls.read("some key")) instanceof ReadOutcome.Absent;
    });
  }
}
