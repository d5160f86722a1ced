package dev.tiercel.testing.region;

import dev.tiercel.testing.chaos.Injection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How what was broken together is healed together. */
final class Undo {
  private Undo() {}

  static Runnable of(Injection injection) {
    return injection::heal;
  }

  /** One after another, the last first. */
  static Runnable all(List<Runnable> undos) {
    var backwards = new ArrayList<>(undos);
    Collections.reverse(backwards);
    return () -> backwards.forEach(Runnable::run);
  }
}
