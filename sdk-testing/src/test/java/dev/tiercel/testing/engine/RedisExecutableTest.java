package dev.tiercel.testing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisExecutableTest {
  @TempDir
  private Path directory;

  private FakeMachine fake;

  @BeforeEach
  void machine() {
    fake = new FakeMachine(directory.resolve("cache"));
  }

  @Test
  void locate_nothingNamed_unpacksOnceIntoTheCache() {
    var first = RedisExecutable.locate(fake.machine());
    long unpacked = first.toFile().lastModified();

    assertThat(first).startsWith(directory.resolve("cache")).isExecutable();
    assertThat(RedisExecutable.locate(fake.machine())).isEqualTo(first);
    assertThat(first.toFile().lastModified()).isEqualTo(unpacked);
    assertThat(first.getParent()).isDirectoryNotContaining("glob:**.partial");
  }

  @Test
  void locate_unpackedOneDoesNotRun_takesTheOneOnThePath() throws IOException {
    FakeMachine.program(RedisExecutable.locate(fake.machine()), "exit 127");
    var installed = FakeMachine.program(directory.resolve("bin/redis-server"), "exit 0");
    fake.variables.put("PATH", directory.resolve("bin").toString());

    assertThat(RedisExecutable.locate(fake.machine())).isEqualTo(installed);
  }

  @Test
  void locate_noneRuns_saysWhatWouldHelp() throws IOException {
    FakeMachine.program(RedisExecutable.locate(fake.machine()), "exit 127");

    assertThatThrownBy(() -> RedisExecutable.locate(fake.machine()))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("PATH")
        .hasMessageContaining("tiercel.redis-server");
  }

  @Test
  void locate_oneNamed_wins() throws IOException {
    var named = FakeMachine.program(directory.resolve("named"), "exit 0");
    fake.variables.put("TIERCEL_REDIS_SERVER", named.toString());

    assertThat(RedisExecutable.locate(fake.machine())).isEqualTo(named);
  }

  @Test
  void locate_oneNamedThatDoesNotRun_isRefused() {
    fake.properties.put("tiercel.redis-server", directory.resolve("absent").toString());

    assertThatThrownBy(() -> RedisExecutable.locate(fake.machine()))
        .isInstanceOf(EngineException.class)
        .hasMessageStartingWith("tiercel.redis-server: ");
  }
}
