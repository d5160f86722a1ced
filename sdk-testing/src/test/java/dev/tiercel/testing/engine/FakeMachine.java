package dev.tiercel.testing.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A machine on which nothing is installed and nothing set, but for what a test adds. */
final class FakeMachine {
  final Map<String, String> properties = new HashMap<>();
  final Map<String, String> variables = new HashMap<>();

  FakeMachine(Path cache) {
    properties.put("tiercel.cache", cache.toString());
  }

  Machine machine() {
    return machine(List.of());
  }

  Machine machine(List<String> ancestors) {
    return new Machine(properties::get, variables::get, () -> ancestors);
  }

  /** A shell script that can be run. */
  static Path program(Path file, String script) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    if (!file.toFile().setExecutable(true)) {
      throw new IOException("not made executable: " + file);
    }
    return file;
  }
}
