package dev.tiercel.samples.check;

import dev.tiercel.ReadOptions;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The last versions that writers have handed to whoever reads. Thread-safe. */
final class Handover {

  private static final int KEPT = 64;

  private final AtomicReferenceArray<@Nullable Version> kept = new AtomicReferenceArray<>(KEPT);
  private final AtomicInteger next = new AtomicInteger();

  /** A key has at least this version. */
  record Version(String key, long version) {

    /** How to read the key so that it is. */
    ReadOptions options() {
      return ReadOptions.defaults().atLeast(version);
    }
  }

  void give(String key, long version) {
    kept.set(Math.floorMod(next.getAndIncrement(), KEPT), new Version(key, version));
  }

  /** One of the last ones; empty as long as there are few. */
  Optional<Version> any(RandomGenerator random) {
    return Optional.ofNullable(kept.get(random.nextInt(KEPT)));
  }
}
