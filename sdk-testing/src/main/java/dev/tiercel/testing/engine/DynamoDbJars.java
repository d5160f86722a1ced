package dev.tiercel.testing.engine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Finds the jars of DynamoDB Local, and has Maven fetch them once per user if need be. */
final class DynamoDbJars {
  private static final String POM = "dynamodb-local.xml";
  private static final Duration LOCK_LIMIT = Duration.ofMinutes(15);
  private static final String ALTERNATIVES = "Either put mvn on the PATH or name its directory in"
      + " MAVEN_HOME; or fetch DynamoDB Local by other means and name the directory of its jars in"
      + " the system property tiercel.dynamodb-local or the environment variable"
      + " TIERCEL_DYNAMODB_LOCAL.";

  private final Machine machine;

  DynamoDbJars(Machine machine) {
    this.machine = machine;
  }

  /** A directory of jars that is complete. */
  Path locate() {
    var named =
        machine.setting("tiercel.dynamodb-local", "TIERCEL_DYNAMODB_LOCAL").map(Path::of);
    if (named.isPresent()) {
      return named
          .filter(DynamoDbJars::holdsTheServer)
          .map(Path::toAbsolutePath)
          .orElseThrow(() -> new EngineException("tiercel.dynamodb-local: " + named.get()
              + " (expected: a directory with DynamoDBLocal*.jar in it)"));
    }
    var pom = pom();
    // The name tells apart what another version of this library would fetch.
    var hash =
        UUID.nameUUIDFromBytes(pom.getBytes(StandardCharsets.UTF_8)).toString().substring(0, 8);
    var target = machine.cache().resolve("dynamodb-local-" + hash);
    return Files.isDirectory(target) ? target : fetchedAlone(pom, target);
  }

  /** One JVM fetches, the others wait for it; the lock falls with its holder. */
  private Path fetchedAlone(String pom, Path target) {
    try {
      Files.createDirectories(machine.cache());
      var lockFile = machine.cache().resolve("dynamodb-local.lock");
      try (var channel =
              FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          var lock = locked(channel)) {
        if (lock.isValid() && !Files.isDirectory(target)) {
          fetch(pom, target);
        }
        return target;
      }
    } catch (IOException failure) {
      throw new EngineException(
          "DynamoDB Local: cannot be kept in " + machine.cache()
              + " (expected: a writable directory)",
          failure);
    }
  }

  private static FileLock locked(FileChannel channel) {
    var held = new AtomicReference<@Nullable FileLock>();
    Waiting.until(
        () -> {
          held.set(tryLock(channel));
          return held.get() != null;
        },
        LOCK_LIMIT);
    var lock = held.get();
    if (lock == null) {
      throw new EngineException(
          "DynamoDB Local: another process is fetching it (expected: done within "
              + LOCK_LIMIT.toMinutes() + " min, and this thread not interrupted)");
    }
    return lock;
  }

  private static @Nullable FileLock tryLock(FileChannel channel) {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException anotherThread) {
      return null;
    } catch (IOException failure) {
      throw new EngineException(
          "DynamoDB Local: its cache cannot be locked (expected: a local file system)", failure);
    }
  }

  /** Fetches into a directory beside and renames it, so that the target is complete or absent. */
  private void fetch(String pom, Path target) throws IOException {
    var maven = Maven.find(machine)
        .orElseThrow(() -> new EngineException(
            "mvn: not found (expected: Maven, to fetch DynamoDB Local). " + ALTERNATIVES));
    // Stays, so that the command an error shows can be tried by hand.
    var pomFile = Files.writeString(Path.of(target + ".pom.xml"), pom);
    var work = Files.createTempDirectory(machine.cache(), "dynamodb-local-");
    try {
      var jars = work.resolve("jars");
      var goals = List.of(
          "dependency:copy-dependencies", "-DincludeTypes=jar", "-DoutputDirectory=" + jars);
      var online = maven.command(false, pomFile, goals);
      var offline = maven.command(true, pomFile, goals);
      boolean succeeded = maven.run(offline, work) || maven.run(online, work);
      if (!succeeded || !holdsTheServer(jars)) {
        throw new EngineException(
            "DynamoDB Local: not fetched (expected: success of " + String.join(" ", online) + "). "
                + ALTERNATIVES + " Maven said:\n" + Directories.tail(Maven.log(work)));
      }
      Files.move(jars, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Directories.delete(work);
    }
  }

  private static boolean holdsTheServer(Path directory) {
    if (!Files.isDirectory(directory)) {
      return false;
    }
    try (var servers = Files.newDirectoryStream(directory, "DynamoDBLocal*.jar")) {
      return servers.iterator().hasNext();
    } catch (IOException unreadable) {
      return false;
    }
  }

  private static String pom() {
    try (var pom = DynamoDbJars.class.getResourceAsStream(POM)) {
      if (pom == null) {
        throw new EngineException(
            POM + ": not beside " + DynamoDbJars.class.getName() + " (expected: a complete jar)");
      }
      return new String(pom.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new EngineException(POM + ": unreadable (expected: a complete jar)", failure);
    }
  }
}
