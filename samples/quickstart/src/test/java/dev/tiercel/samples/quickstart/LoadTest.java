package dev.tiercel.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiercel.builtin.Backends;
import dev.tiercel.error.Overloaded;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.testing.FakeTime;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LoadTest {

  private final FakeTime time = new FakeTime();
  private final Progress progress =
      new Progress(new PrintWriter(new StringWriter()), "loaded", 1000, () -> "", time::nanos);

  @Test
  void run_moreThanABatch_everyItemHasItsFirstGeneration() throws Exception {
    var source = Backends.inMemoryStore(64 << 20, time);
    var loader = new FeatureLoader(source);
    new Load(loader).run(items(1000), progress);
    var service =
        new FeatureService(Backends.inMemoryCache(1 << 20, time), source, ServingListener.NONE);
    for (var item : items(1000)) {
      var entry = service.features(item).join();
      assertThat(entry).isNotNull();
      assertThat(Features.generation(item, entry.value())).isEqualTo(Features.FIRST_GENERATION);
    }
    service.close();
    loader.close();
  }

  @Test
  void run_sourceRefuses_failsWithTheReason() {
    try (var loader = new FeatureLoader(Backends.inMemoryStore(50_000, time))) {
      assertThatThrownBy(() -> new Load(loader).run(items(1000), progress))
          .isInstanceOf(Overloaded.class);
    }
  }

  private static Set<Long> items(int count) {
    return new TreeSet<>(LongStream.range(0, count).boxed().toList());
  }
}
