package dev.tiercel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ActionLineTest {

  private final ActionLine line = new ActionLine();
  private final List<String> ran = new ArrayList<>();

  @Test
  void add_byAnAction_runsAfterIt() {
    line.add(() -> {
      line.add(() -> ran.add("inner"));
      ran.add("outer");
    });

    assertThat(ran).containsExactly("outer", "inner");
  }

  @Test
  void hold_byAnAction_holdsTheNext() {
    line.add(() -> {
      line.hold();
      line.add(() -> ran.add("next"));
    });
    assertThat(ran).isEmpty();

    line.release();

    assertThat(ran).containsExactly("next");
  }

  @Test
  void lose_endsTheHoldWithoutRunningWhatWaits() {
    line.hold();
    line.add(() -> ran.add("lost"));
    line.lose();
    line.add(() -> ran.add("next"));

    assertThat(ran).containsExactly("next");
  }

  @Test
  void action_throws_theLineGoesOn() {
    assertThatThrownBy(() -> line.add(() -> {
          line.add(() -> ran.add("next"));
          throw new IllegalStateException("thrown by the test");
        }))
        .hasMessage("thrown by the test");
    line.add(() -> ran.add("last"));

    assertThat(ran).containsExactly("next", "last");
  }
}
