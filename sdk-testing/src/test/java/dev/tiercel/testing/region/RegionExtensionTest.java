package dev.tiercel.testing.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

class RegionExtensionTest {

  private static final List<RegionHarness> GIVEN = new CopyOnWriteArrayList<>();
  private static final List<Client> CLIENTS = new CopyOnWriteArrayList<>();

  @Test
  void tests_ofOneClass_shareHealedRegionsAndTellTheSeed() {
    var tests = EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(Solo.class))
        .execute()
        .testEvents();

    tests.assertStatistics(statistics -> statistics.succeeded(1).failed(1));
    assertThat(failure(tests).getSuppressed())
        .anySatisfy(seed -> assertThat(seed).hasMessageContaining("-Dtiercel.seed=42"));
    assertThat(GIVEN.stream().distinct()).hasSize(1);
    assertThat(GIVEN.get(0).region("solo").redis().isRunning()).isFalse();
    assertThat(CLIENTS).hasSize(1).allMatch(client -> client.line.socket().isClosed());
  }

  private static Throwable failure(Events tests) {
    return tests.failed().stream()
        .findFirst()
        .flatMap(event -> event.getPayload(TestExecutionResult.class))
        .flatMap(TestExecutionResult::getThrowable)
        .orElseThrow();
  }

  record Client(Line line, RegionHarness harness) implements AutoCloseable {

    static Client of(RegionHarness harness, HarnessRegion region) {
      try {
        var client = new Client(Line.to(region.endpoints()), harness);
        CLIENTS.add(client);
        return client;
      } catch (IOException failure) {
        throw new IllegalStateException(failure);
      }
    }

    @Override
    public void close() throws IOException {
      line.close();
    }
  }

  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class Solo {

    @RegisterExtension
    static final RegionExtension REGIONS =
        RegionExtension.of(RegionOptions.of("solo").seed(42)).client(Client.class, Client::of);

    @Test
    @Order(1)
    void breaksAndFails(RegionHarness harness) {
      GIVEN.add(harness);
      harness.inject(new RegionFault.Kill("solo", Part.ALL, true));
      throw new IllegalStateException("meant to fail");
    }

    @Test
    @Order(2)
    void findsAllHealed(RegionHarness harness, @InRegion("solo") Client client) throws IOException {
      GIVEN.add(harness);
      assertThat(client.harness()).isSameAs(harness);
      assertThat(client.line().ask("PING")).isEqualTo("+PONG");
    }
  }
}
