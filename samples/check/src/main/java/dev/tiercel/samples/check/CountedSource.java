package dev.tiercel.samples.check;

import dev.tiercel.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A source that takes its time and counts the loads of one key over all processes: each adds a line
 * with the process's id to a file. A line is one write at the end of the file, so that none is
 * lost.
 */
final class CountedSource {

  static final String VALUE = "loaded";
  private static final Duration SLOW = Duration.ofMillis(300);

  private final Path counter;
  private final String counted;
  private final Time time;

  CountedSource(Path counter, String counted, Time time) {
    this.counter = counter;
    this.counted = counted;
    this.time = time;
  }

  CompletableFuture<Map<String, String>> load(List<String> keys) {
    var answer = new CompletableFuture<Map<String, String>>();
    if (keys.contains(counted)) {
      count();
    }
    var values = new HashMap<String, String>();
    keys.forEach(key -> values.put(key, VALUE));
    time.schedule(SLOW, () -> answer.complete(values));
    return answer;
  }

  private void count() {
    var line = ProcessHandle.current().pid() + "\n";
    try {
      Files.writeString(counter, line, StandardOpenOption.APPEND);
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }
}
