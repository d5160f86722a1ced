package dev.tiercel.testing.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.error.OsArchitectureNotFound;
import redis.embedded.error.UnknownOSName;
import redis.embedded.model.OsArchitecture;

/** Finds a Redis that runs on this machine. */
final class RedisExecutable {
  private RedisExecutable() {}

  static Path locate(Machine machine) {
    var named = machine.setting("tiercel.redis-server", "TIERCEL_REDIS_SERVER").map(Path::of);
    if (named.isPresent()) {
      return named
          .filter(RedisExecutable::runs)
          .orElseThrow(() -> new EngineException(
              "tiercel.redis-server: " + named.get() + " (expected: a Redis that runs here)"));
    }
    return unpacked(machine)
        .filter(RedisExecutable::runs)
        .or(() -> machine.onPath("redis-server").filter(RedisExecutable::runs))
        .orElseThrow(() -> new EngineException(
            "redis-server: none runs on this machine (expected: the one unpacked to "
                + machine.cache()
                + ", or one on the PATH, or the system property tiercel.redis-server naming one)"));
  }

  /** The executable embedded-redis carries for this system, unpacked once per user. */
  private static Optional<Path> unpacked(Machine machine) {
    return resource().map(resource -> {
      var directory = machine.cache().resolve("redis");
      var target = directory.resolve(resource.substring(1));
      if (!Files.exists(target)) {
        unpack(resource, directory, target);
      }
      return target;
    });
  }

  private static Optional<String> resource() {
    try {
      var system = OsArchitecture.detectOSandArchitecture();
      return Optional.ofNullable(ExecutableProvider.newProvidedVersionsMap().get(system));
    } catch (OsArchitectureNotFound | UnknownOSName none) {
      return Optional.empty();
    }
  }

  /** Written beside and then renamed, so that another JVM sees all of it or nothing. */
  private static void unpack(String resource, Path directory, Path target) {
    try (var bytes = OsArchitecture.class.getResourceAsStream(resource)) {
      if (bytes == null) {
        throw new EngineException(
            "embedded-redis: has no " + resource + " (expected: the version this was built with)");
      }
      Files.createDirectories(directory);
      var partial = Files.createTempFile(directory, "redis-", ".partial");
      Files.copy(bytes, partial, StandardCopyOption.REPLACE_EXISTING);
      if (!partial.toFile().setExecutable(true)) {
        throw new IOException("not made executable: " + partial);
      }
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failure) {
      throw new EngineException(
          "redis-server: cannot be unpacked to " + target + " (expected: a writable cache)",
          failure);
    }
  }

  /** Whether it starts at all: a library may be missing, or the file system may forbid programs. */
  private static boolean runs(Path executable) {
    try {
      var process = new ProcessBuilder(executable.toString(), "--version")
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
      boolean ended = Waiting.uninterruptibly(
          () -> process.waitFor(EngineProcess.PATIENCE_SECONDS, TimeUnit.SECONDS));
      return ended && process.exitValue() == 0;
    } catch (IOException cannotRun) {
      return false;
    }
  }
}
