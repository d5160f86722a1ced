package dev.tiercel.testing.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The Maven of this machine: with its settings, mirrors, proxies and local repository, which no
 * code of ours could know better.
 *
 * @param program the {@code mvn} to run
 * @param localRepository the local repository the surrounding build uses, if it says
 */
record Maven(Path program, Optional<String> localRepository) {
  private static final long LIMIT_MINUTES = 10;
  private static final String HOME_ARGUMENT = "-Dmaven.home=";

  /**
   * Maven in this JVM, around it, named by the environment, or on the {@code PATH}; in this order.
   */
  static Optional<Maven> find(Machine machine) {
    var name = Machine.isWindows() ? "mvn.cmd" : "mvn";
    var homes = Stream.of(
        machine.property().apply("maven.home"),
        surrounding(machine).orElse(null),
        machine.variable().apply("MAVEN_HOME"),
        machine.variable().apply("M2_HOME"));
    return homes
        .filter(Objects::nonNull)
        .map(home -> Path.of(home, "bin", name))
        .filter(program -> program.toFile().canExecute())
        .findFirst()
        .or(() -> machine.onPath(name))
        .map(program -> new Maven(program, localRepository(machine)));
  }

  /**
   * The build that forked this JVM, perhaps through a wrapper, which puts no Maven on the
   * {@code PATH}.
   */
  private static Optional<String> surrounding(Machine machine) {
    return machine.ancestors().get().stream()
        .filter(argument -> argument.startsWith(HOME_ARGUMENT))
        .map(argument -> argument.substring(HOME_ARGUMENT.length()))
        .findFirst();
  }

  /** As said on the command line, or as Surefire tells the JVMs it forks. */
  private static Optional<String> localRepository(Machine machine) {
    return Stream.of("maven.repo.local", "localRepository")
        .map(machine.property())
        .flatMap(Stream::ofNullable)
        .findFirst();
  }

  List<String> command(boolean offline, Path pom, List<String> goals) {
    var command = new ArrayList<>(List.of(program.toString(), "-q", "-B"));
    if (offline) {
      command.add("-o");
    }
    command.addAll(List.of("-f", pom.toString()));
    localRepository.ifPresent(path -> command.add("-Dmaven.repo.local=" + path));
    command.addAll(goals);
    return List.copyOf(command);
  }

  /** The file with what the last run in that directory printed. */
  static Path log(Path directory) {
    return directory.resolve("mvn.log");
  }

  /**
   * Runs it to its end.
   *
   * @param command from {@link #command}
   * @param directory where it runs, and leaves what it prints in {@link #log}
   * @return whether it succeeded
   */
  boolean run(List<String> command, Path directory) {
    var builder = new ProcessBuilder(command);
    builder
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(log(directory).toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    // Set by a surrounding Maven for itself: its project must not become this one's.
    builder
        .environment()
        .keySet()
        .removeAll(List.of(
            "MAVEN_PROJECTBASEDIR", "MAVEN_BASEDIR", "MAVEN_CMD_LINE_ARGS", "MAVEN_DEBUG_OPTS"));
    try {
      var process = builder.start();
      boolean ended =
          Waiting.uninterruptibly(() -> process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES));
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      return ended && process.exitValue() == 0;
    } catch (IOException failure) {
      throw new EngineException(
          "mvn: " + program + " cannot be run (expected: an executable Maven)", failure);
    }
  }
}
