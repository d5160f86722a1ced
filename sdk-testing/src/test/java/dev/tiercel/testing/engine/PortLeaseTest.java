package dev.tiercel.testing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortLeaseTest {
  @TempDir
  private Path cache;

  @Test
  void take_port_liesBelowTheEphemeralRange() {
    try (var lease = PortLease.take(cache)) {
      assertThat(lease.port()).isBetween(20_000, 32_767);
    }
  }

  @Test
  void take_heldAlready_isNotGivenTwice() {
    int port;
    try (var lease = PortLease.take(cache)) {
      port = lease.port();
      assertThatThrownBy(() -> PortLease.take(cache, port, port))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("none free");
    }
    try (var again = PortLease.take(cache, port, port)) {
      assertThat(again.port()).isEqualTo(port);
    }
  }

  @Test
  void take_somebodyListens_isNotGiven() throws IOException {
    try (var stranger = new ServerSocket(0)) {
      int port = stranger.getLocalPort();
      assertThatThrownBy(() -> PortLease.take(cache, port, port))
          .isInstanceOf(EngineException.class);
    }
  }
}
