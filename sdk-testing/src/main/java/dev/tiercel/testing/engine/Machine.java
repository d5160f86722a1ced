package dev.tiercel.testing.engine;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What this package asks of the machine it runs on, so that tests can stand in a poorer one.
 *
 * @param property a system property by name, null when unset
 * @param variable an environment variable by name, null when unset
 * @param ancestors the command line arguments of the processes this one descends from, nearest
 *     first
 */
record Machine(
    Function<String, @Nullable String> property,
    Function<String, @Nullable String> variable,
    Supplier<List<String>> ancestors) {

  static Machine current() {
    return new Machine(System::getProperty, System::getenv, Machine::ancestorArguments);
  }

  static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  static boolean isWindows() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
  }

  /** The system property if set, else the environment variable if set. */
  Optional<String> setting(String propertyName, String variableName) {
    return Stream.of(property.apply(propertyName), variable.apply(variableName))
        .flatMap(Stream::ofNullable)
        .filter(value -> !value.isBlank())
        .findFirst();
  }

  /** Where things fetched or unpacked once are kept for this user. */
  Path cache() {
    return setting("tiercel.cache", "TIERCEL_CACHE")
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "tiercel"))
        .toAbsolutePath();
  }

  /** The first program of that name on the {@code PATH}. */
  Optional<Path> onPath(String program) {
    var path = Optional.ofNullable(variable.apply("PATH")).orElse("");
    return Stream.of(path.split(File.pathSeparator, -1))
        .filter(directory -> !directory.isBlank())
        .map(directory -> Path.of(directory).resolve(program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static List<String> ancestorArguments() {
    return Stream.iterate(
            ProcessHandle.current().parent(),
            Optional::isPresent,
            p -> p.flatMap(ProcessHandle::parent))
        .flatMap(Optional::stream)
        .flatMap(process -> process.info().arguments().stream())
        .flatMap(Stream::of)
        .toList();
  }
}
