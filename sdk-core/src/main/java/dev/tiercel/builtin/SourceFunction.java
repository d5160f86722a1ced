package dev.tiercel.builtin;

import dev.tiercel.time.Deadline;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** How a function source is asked: for keys, by a deadline. */
@FunctionalInterface
interface SourceFunction<K, V> {
  CompletableFuture<Map<K, V>> load(List<K> keys, Deadline deadline);
}
