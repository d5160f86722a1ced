package dev.tiercel.testing.run;

import dev.tiercel.ReadOptions;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The last versions this process was handed, by others and by itself. Thread-safe. */
final class Floors {

  private static final int KEPT = 64;

  /** A key has at least this version. */
  record Floor(String key, long version) {

    /** How to read the key so that it is. */
    ReadOptions options() {
      return ReadOptions.defaults().atLeast(version);
    }
  }

  private final AtomicReferenceArray<@Nullable Floor> kept = new AtomicReferenceArray<>(KEPT);
  private final AtomicInteger next = new AtomicInteger();

  void hear(String key, long version) {
    kept.set(Math.floorMod(next.getAndIncrement(), KEPT), new Floor(key, version));
  }

  /** One of the last ones; empty as long as there are few. */
  Optional<Floor> any(RandomGenerator random) {
    return Optional.ofNullable(kept.get(random.nextInt(KEPT)));
  }
}
