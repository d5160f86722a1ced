package dev.tiercel.samples.quickstart;

import com.google.common.collect.Iterables;
import com.google.common.collect.Maps;
import dev.tiercel.BatchWriteResult;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Loads the first generation of every item, in batches, a few at a time. */
final class Load {

  private static final int BATCH = 250;
  private static final int BATCHES_IN_FLIGHT = 4;

  private final FeatureLoader loader;
  private final Window window = new Window(BATCHES_IN_FLIGHT);
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

  /** Prepares the load. */
  Load(FeatureLoader loader) {
    this.loader = loader;
  }

  /**
   * Loads every item; throws the first failure, since a replay over half the data would show
   * nothing.
   */
  void run(Set<Long> items, Progress progress) throws InterruptedException {
    for (var batch : Iterables.partition(items, BATCH)) {
      if (failure.get() != null) {
        break;
      }
      window.send(() -> load(batch), () -> progress.show(done.get()));
      progress.show(done.get());
    }
    window.drain(() -> progress.show(done.get()));
    var first = failure.get();
    if (first != null) {
      throw first;
    }
  }

  private CompletableFuture<?> load(List<Long> batch) {
    var vectors = Maps.toMap(batch, item -> Features.of(item, Features.FIRST_GENERATION));
    return loader.load(vectors).whenComplete(this::loaded);
  }

  private void loaded(@Nullable BatchWriteResult<Long> result, @Nullable Throwable whole) {
    if (result != null) {
      done.addAndGet(result.versions().size());
      result.failed().values().stream()
          .findFirst()
          .ifPresent(first -> failure.compareAndSet(null, first));
    } else {
      failure.compareAndSet(null, new CompletionException(whole));
    }
  }
}
