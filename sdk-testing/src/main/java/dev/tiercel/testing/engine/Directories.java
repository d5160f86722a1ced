package dev.tiercel.testing.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * The two things this package does with its directories: empty them, and read what a program left
 * there.
 */
final class Directories {
  private static final int TAIL_LINES = 40;

  private Directories() {}

  /**
   * Deletes the directory and all in it; what cannot be deleted stays, since nobody depends on it.
   */
  static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (var all = Files.walk(directory)) {
      for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException stays) {
      directory.toFile().deleteOnExit();
    }
  }

  /** The last lines of a program's output, whatever bytes they hold. */
  static String tail(Path log) {
    try {
      List<String> lines =
          new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    } catch (IOException unreadable) {
      return "(none)";
    }
  }
}
