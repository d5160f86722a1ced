package dev.tiercel.testing.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiercel.KeyspaceSpec;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkerOrderTest {

  private static final Engines WHERE =
      new Engines(URI.create("redis://127.0.0.1:1"), URI.create("http://127.0.0.1:2"));

  @Test
  void parse_arguments_theSameOrder() {
    var order = WorkerOrder.of(CheckPlan.of(NoKeyspace.class).seed(9), 2, WHERE, Path.of("h"));
    assertThat(WorkerOrder.parse(order.arguments().toArray(String[]::new))).isEqualTo(order);
  }

  @Test
  void options_mechanismsSwitchedOff_oneProperty() {
    var plan = CheckPlan.of(NoKeyspace.class).without(Set.of("lease", "fence"));
    assertThat(WorkerOrder.of(plan, 0, WHERE, Path.of("h")).options())
        .containsExactly("-Dtiercel.test.without=fence,lease");
  }

  @Test
  void without_unknownMechanism_isRefused() {
    assertThatThrownBy(() -> CheckPlan.of(NoKeyspace.class).without(Set.of("luck", "fence")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("without: [fence, luck] (expected: [fence, lease, suspect])");
  }

  @Test
  void requireKeyspace_anotherClass_isRefused() {
    for (var name : List.of("java.lang.String", "no.Such", KeyspaceUnderTest.class.getName())) {
      assertThatThrownBy(() -> WorkerOrder.requireKeyspace(name))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("keyspace: " + name + " (expected: ");
    }
  }

  @Test
  void instance_ofAKeyspace_isOne() {
    assertThat(WorkerOrder.instance(NoKeyspace.class.getName())).isInstanceOf(NoKeyspace.class);
  }

  /** There to be named. */
  public static final class NoKeyspace implements KeyspaceUnderTest {
    @Override
    public KeyspaceSpec<String, String> spec(Engines where) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Duration deadline() {
      return Duration.ofSeconds(1);
    }

    @Override
    public Duration maxStaleness() {
      return Duration.ofSeconds(1);
    }
  }
}
