package dev.tiercel.testing.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Tier;
import dev.tiercel.testing.check.Answer;
import dev.tiercel.testing.check.Operation;
import dev.tiercel.testing.check.Outcome;
import dev.tiercel.testing.check.Scope;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TallyTest {

  private static final LateSuspicion LATE = new LateSuspicion(List.of(), Duration.ZERO);

  @Test
  void of_operations_aRowForEachProcessAndOneForAll() {
    var table = Tally.of(
        List.of(
            read(0, new Answer.Value(1, 1, Tier.LOCAL, 0, "SUSPECT")),
            read(0, new Answer.Absent()),
            read(1, new Answer.Failed("Unavailable")),
            new Operation.Write(1, "k", Operation.Kind.PUT, 1, 0, 1, new Outcome.Unknown("x")),
            new Operation.Barrier(1, new Scope.All(), 0, 1, new Outcome.Refused("x"))),
        LATE);
    assertThat(table.lines().map(line -> line.trim().replaceAll(" +", " ")))
        .containsExactly(
            "process reads local remote source absent stale late failed writes unknown refused",
            "0 2 1 0 0 1 1 1 0 0 0 0",
            "1 1 0 0 0 0 0 0 1 2 1 1",
            "all 3 1 0 0 1 1 1 1 2 1 1");
  }

  private static Operation read(int process, Answer answer) {
    return new Operation.Read(process, "k", 0, 1, answer, 0);
  }
}
