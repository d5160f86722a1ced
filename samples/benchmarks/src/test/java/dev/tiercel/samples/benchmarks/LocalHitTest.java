package dev.tiercel.samples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.samples.benchmarks.LocalHit.Accesses;
import dev.tiercel.samples.benchmarks.LocalHit.Cursor;
import dev.tiercel.samples.benchmarks.LocalHit.Filled;
import java.util.Arrays;
import java.util.HashSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each benchmark does what it says: a look-up that returns nothing would be the fastest of all. */
class LocalHitTest {

  private static final Accesses ACCESSES = new Accesses();
  private final LocalHit benchmarks = new LocalHit();
  private final Cursor cursor = new Cursor();

  @BeforeAll
  static void draw() {
    ACCESSES.draw();
  }

  @Test
  void caffeineBySize_everyAccess_returnsTheKeysValue() {
    try (var filled = new Closing<>(new LocalHit.BySize())) {
      assertThatEveryAccessHits(() -> benchmarks.caffeineBySize(filled.state(), ACCESSES, cursor));
    }
  }

  @Test
  void caffeineByWeight_everyAccess_returnsTheKeysValue() {
    try (var filled = new Closing<>(new LocalHit.ByWeight())) {
      assertThatEveryAccessHits(
          () -> benchmarks.caffeineByWeight(filled.state(), ACCESSES, cursor));
    }
  }

  @Test
  void tiercel_everyAccess_returnsTheKeysValue() {
    try (var filled = new Closing<>(new LocalHit.Tiercel())) {
      assertThatEveryAccessHits(() -> benchmarks.tiercel(filled.state(), ACCESSES, cursor));
    }
  }

  @Test
  void accesses_areSkewedButReachMostKeys() {
    var count = Arrays.stream(ACCESSES.order).filter(ACCESSES.order[0]::equals).count();
    assertThat(new HashSet<>(Arrays.asList(ACCESSES.order)).size())
        .isBetween(LocalHit.ENTRIES / 2, LocalHit.ENTRIES);
    assertThat(count).isLessThan(ACCESSES.order.length / 5);
  }

  private void assertThatEveryAccessHits(Supplier<@Nullable Long> benchmark) {
    for (var access = 0; access < 10_000; access++) {
      var key = cursor.peek(ACCESSES);
      assertThat(benchmark.get())
          .isEqualTo(Long.parseLong(key.substring("item:".length())) - LocalHit.ENTRIES);
    }
  }

  private record Closing<S extends Filled>(S state) implements AutoCloseable {
    private Closing {
      state.fill();
    }

    @Override
    public void close() {
      state.close();
    }
  }
}
