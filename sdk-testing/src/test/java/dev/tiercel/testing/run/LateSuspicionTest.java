package dev.tiercel.testing.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Tier;
import dev.tiercel.testing.check.Answer;
import dev.tiercel.testing.check.FaultWindow;
import dev.tiercel.testing.check.Operation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LateSuspicionTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final LateSuspicion late = new LateSuspicion(
      List.of(new FaultWindow(SECOND, 2 * SECOND, "cut", FaultWindow.Target.FEED, 1)),
      Duration.ofSeconds(3));

  @Test
  void holds_suspectLongAfterItsFault_isLate() {
    assertThat(late.holds(read(1, 15 * SECOND + 1, "SUSPECT"))).isTrue();
    assertThat(late.holds(read(1, 15 * SECOND, "SUSPECT"))).isFalse();
    assertThat(late.holds(read(1, 1_000, "SUSPECT"))).isTrue();
  }

  @Test
  void holds_faultOfAnother_doesNotCount() {
    assertThat(late.holds(read(2, 2 * SECOND, "SUSPECT"))).isTrue();
  }

  @Test
  void holds_otherLabels_areNotLate() {
    assertThat(late.holds(read(1, 60 * SECOND, "ERROR"))).isFalse();
    assertThat(late.holds(read(1, 60 * SECOND, Answer.FRESH))).isFalse();
    assertThat(late.holds(new Operation.Read(1, "k", 0, 1, new Answer.Absent(), 0)))
        .isFalse();
  }

  private static Operation.Read read(int process, long start, String label) {
    var answer = new Answer.Value(1, 1, Tier.LOCAL, 0, label);
    return new Operation.Read(process, "k", start, start + 1, answer, 0);
  }
}
