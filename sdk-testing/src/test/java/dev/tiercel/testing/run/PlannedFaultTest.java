package dev.tiercel.testing.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.testing.check.FaultWindow;
import dev.tiercel.testing.check.FaultWindow.Target;
import org.junit.jupiter.api.Test;

class PlannedFaultTest {

  @Test
  void window_ofOneWorker_isThatWorkers() {
    assertThat(window(FaultKind.FEED_SLOW))
        .isEqualTo(new FaultWindow(5, 6, "feed slow of worker 2", Target.FEED, 2));
    assertThat(window(FaultKind.DATA_CUT).target()).isEqualTo(Target.DATA);
    assertThat(window(FaultKind.SOURCE_BLACK_HOLE).target()).isEqualTo(Target.SOURCE);
    assertThat(window(FaultKind.WORKER_PAUSE).target()).isEqualTo(Target.PROCESS);
  }

  @Test
  void window_ofTheCacheOfAll_isEverybodys() {
    assertThat(window(FaultKind.REDIS_RESTART))
        .isEqualTo(new FaultWindow(5, 6, "redis restart", Target.CACHE, FaultWindow.ALL));
    assertThat(window(FaultKind.REDIS_FLUSH))
        .isEqualTo(new FaultWindow(5, 6, "redis flush", Target.CONTENTS, FaultWindow.ALL));
  }

  private static FaultWindow window(FaultKind kind) {
    return new PlannedFault(kind, 2, 0, 1_000, 0).window(5, 6);
  }
}
