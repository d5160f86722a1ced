package dev.tiercel.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.testing.FakeTime;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private final FakeTime time = new FakeTime();
  private final StringWriter printed = new StringWriter();
  private final Progress progress =
      new Progress(new PrintWriter(printed), "replayed", 4000, () -> ", 50 % hits", time::nanos);

  @Test
  void show_oftenWithinASecond_printsNothing() {
    progress.show(1);
    time.advance(Duration.ofMillis(999));
    progress.show(2);
    assertThat(printed.toString()).isEmpty();
  }

  @Test
  void show_everySecond_printsHowFarAndHowFast() {
    time.advance(Duration.ofSeconds(1));
    progress.show(1000);
    progress.show(1001);
    time.advance(Duration.ofSeconds(1));
    progress.show(3000);
    assertThat(printed.toString().lines())
        .containsExactly(
            "  replayed 1,000 of 4,000, 1,000/s, 50 % hits",
            "  replayed 3,000 of 4,000, 1,500/s, 50 % hits");
  }
}
