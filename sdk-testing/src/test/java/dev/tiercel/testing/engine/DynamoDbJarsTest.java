package dev.tiercel.testing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DynamoDbJarsTest {
  /** Notes its arguments, and does with the output directory what the real one does. */
  private static final String MAVEN = """
      echo "$@" >> "$(dirname "$0")/calls"
      case " $* " in *" -o "*) exit 1 ;; esac
      for argument in "$@"; do
        case "$argument" in
          -DoutputDirectory=*)
            mkdir -p "${argument#*=}"
            : > "${argument#*=}/DynamoDBLocal-1.jar" ;;
        esac
      done""";

  @TempDir
  private Path directory;

  private FakeMachine fake;

  @BeforeEach
  void machine() {
    fake = new FakeMachine(directory.resolve("cache"));
  }

  @Test
  void locate_noMaven_saysWhatWouldHelp() {
    assertThatThrownBy(() -> new DynamoDbJars(fake.machine()).locate())
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("mvn: not found")
        .hasMessageContaining("MAVEN_HOME")
        .hasMessageContaining("tiercel.dynamodb-local")
        .hasMessageContaining("TIERCEL_DYNAMODB_LOCAL");
  }

  @Test
  void locate_mavenFails_showsItsOutputAndKeepsNothing() throws IOException {
    FakeMachine.program(directory.resolve("home/bin/mvn"), "echo no route to repository; exit 1");
    fake.variables.put("MAVEN_HOME", directory.resolve("home").toString());

    assertThatThrownBy(() -> new DynamoDbJars(fake.machine()).locate())
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("no route to repository")
        .hasMessageContaining("dependency:copy-dependencies")
        .hasMessageContaining("TIERCEL_DYNAMODB_LOCAL");

    try (var left = Files.list(directory.resolve("cache"))) {
      assertThat(left.filter(Files::isDirectory)).isEmpty();
    }
  }

  @Test
  void locate_manyAtOnce_fetchOnceOfflineFirst() throws Exception {
    FakeMachine.program(directory.resolve("bin/mvn"), MAVEN);
    fake.variables.put("PATH", directory.resolve("bin").toString());
    fake.properties.put("localRepository", "/some/repository");
    Callable<Path> locate = () -> new DynamoDbJars(fake.machine()).locate();

    var threads = Executors.newFixedThreadPool(4);
    try {
      var located = threads.invokeAll(Collections.nCopies(4, locate)).stream()
          .map(DynamoDbJarsTest::result)
          .distinct();
      assertThat(located)
          .singleElement()
          .satisfies(jars -> assertThat(jars.resolve("DynamoDBLocal-1.jar")).exists());
    } finally {
      threads.shutdownNow();
    }

    var calls = Files.readAllLines(directory.resolve("bin/calls"));
    assertThat(calls)
        .hasSize(2)
        .allMatch(call -> call.contains("-Dmaven.repo.local=/some/repository"));
    assertThat(calls.get(0)).contains(" -o ");
    assertThat(calls.get(1)).doesNotContain(" -o ");
  }

  @Test
  void locate_mavenOnlyAroundThisJvm_isUsed() throws IOException {
    FakeMachine.program(directory.resolve("home/bin/mvn"), MAVEN);
    var machine = fake.machine(List.of("-Xmx1g", "-Dmaven.home=" + directory.resolve("home")));

    assertThat(new DynamoDbJars(machine).locate())
        .isDirectoryContaining("glob:**DynamoDBLocal-1.jar");
  }

  @Test
  void locate_directoryNamed_wins() throws IOException {
    var named = Files.createDirectories(directory.resolve("named"));
    Files.createFile(named.resolve("DynamoDBLocal.jar"));
    fake.variables.put("TIERCEL_DYNAMODB_LOCAL", named.toString());

    assertThat(new DynamoDbJars(fake.machine()).locate()).isEqualTo(named);
  }

  @Test
  void locate_directoryNamedWithoutServer_isRefused() {
    fake.properties.put("tiercel.dynamodb-local", directory.toString());

    assertThatThrownBy(() -> new DynamoDbJars(fake.machine()).locate())
        .isInstanceOf(EngineException.class)
        .hasMessageStartingWith("tiercel.dynamodb-local: ")
        .hasMessageContaining("expected: a directory with DynamoDBLocal*.jar in it");
  }

  private static Path result(Future<Path> future) {
    try {
      return future.get();
    } catch (InterruptedException | ExecutionException failure) {
      throw new AssertionError(failure);
    }
  }
}
