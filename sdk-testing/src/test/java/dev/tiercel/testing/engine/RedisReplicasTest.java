package dev.tiercel.testing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiercel.testing.chaos.ChaosProxy;
import dev.tiercel.testing.chaos.Direction;
import dev.tiercel.testing.chaos.Fault;
import org.junit.jupiter.api.Test;

class RedisReplicasTest {

  @Test
  void launchReplica_hasWhatThePrimaryHad_andRefusesWrites() {
    try (var primary = RedisEngine.launch()) {
      ask(primary, "SET before 1");
      try (var replica = primary.launchReplica()) {
        assertThat(replica.port()).isNotEqualTo(primary.port());
        assertThat(ask(replica, "GET before")).startsWith("$1\r\n1");
        assertThat(ask(replica, "SET other 1")).startsWith("-READONLY");

        ask(primary, "SET after 2");
        replica.awaitInSync();
        assertThat(ask(replica, "GET after")).startsWith("$1\r\n2");
      }
    }
  }

  @Test
  void launchReplicaOf_proxyInBetween_lagsWhileItIsBroken() {
    try (var primary = RedisEngine.launch();
        var proxy = ChaosProxy.before(primary.host(), primary.port());
        var replica = RedisEngine.launchReplicaOf(proxy.port())) {
      try (var broken = proxy.inject(new Fault.BlackHole(Direction.TO_CLIENT))) {
        ask(primary, "SET a 1");
        assertThat(ask(replica, "EXISTS a")).startsWith(":0");
        assertThat(broken).isNotNull();
      }

      replica.awaitInSync();

      assertThat(ask(replica, "EXISTS a")).startsWith(":1");
    }
  }

  @Test
  void awaitInSync_notAReplica_isRefusedAtOnce() {
    try (var alone = RedisEngine.launch()) {
      assertThatThrownBy(alone::awaitInSync)
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("no replica");
    }
  }

  @Test
  void restore_detachedKilledAndPaused_areReplicasAgain() {
    try (var primary = RedisEngine.launch();
        var replicas = RedisReplicas.of(primary, 3)) {
      ask(replicas.get(0), "REPLICAOF NO ONE");
      ask(replicas.get(0), "SET stray 1");
      replicas.get(1).kill();
      replicas.get(2).pause();

      replicas.restore();

      ask(primary, "SET a 1");
      replicas.awaitInSync();
      assertThat(replicas.engines()).hasSize(3).allSatisfy(replica -> {
        assertThat(ask(replica, "EXISTS a stray")).startsWith(":1");
        assertThat(ask(replica, "SET b 1")).startsWith("-READONLY");
      });
    }
  }

  @Test
  void close_endsAllButThePrimary() {
    try (var primary = RedisEngine.launch()) {
      var replicas = RedisReplicas.of(primary, 2);

      replicas.close();
      replicas.close();

      assertThat(replicas.engines()).noneMatch(RedisEngine::isRunning);
      assertThat(primary.isRunning()).isTrue();
    }
  }

  @Test
  void of_none_isRefused() {
    try (var primary = RedisEngine.launch()) {
      assertThatThrownBy(() -> RedisReplicas.of(primary, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("count: 0");
    }
  }

  private static String ask(RedisEngine redis, String command) {
    return Probe.ask(redis.port(), command + "\r\nQUIT\r\n");
  }
}
