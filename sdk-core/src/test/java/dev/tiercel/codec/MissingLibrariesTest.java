package dev.tiercel.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.builtin.Backends;
import dev.tiercel.error.CodecFailure;
import dev.tiercel.testing.BackendProbe;
import dev.tiercel.testing.FakeTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service sees that has none of the optional libraries on its class path. */
class MissingLibrariesTest {

  private final ClassLoader loader =
      new WithoutLibraries(MissingLibrariesTest.class.getClassLoader());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Codecs",
        "Compression",
        "CompressingBackend",
        "Envelope",
        "KeyFormat",
        "ValueFormat"
      })
  void codec_needsNoOptionalLibrary(String type) throws Exception {
    var loaded = Class.forName("dev.tiercel.codec." + type, true, loader);

    assertThat(loaded.getClassLoader()).isSameAs(loader);
    assertThat(loaded.getDeclaredMethods()).isNotEmpty();
  }

  @Test
  void noCompression_needsNoLibrary() throws Exception {
    assertThat(compression("none")).isNotNull();
  }

  @Test
  void compressionWithoutItsLibrary_saysWhichOneIsMissing() {
    // Twice: the second failure to load a class is another one than the first.
    for (var attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> compression("lz4", 0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "compression: LZ4 without its library (expected: at.yawk.lz4:lz4-java on the class path)");
      assertThatThrownBy(() -> compression("zstd", 0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "compression: ZSTD without its library (expected: com.github.luben:zstd-jni on the class path)");
    }
  }

  @Test
  void readingWhatOthersCompressed_failsItsKeyOnly() throws Exception {
    var time = new FakeTime();
    var store = Backends.inMemoryStore(1 << 20, time);
    var payload = "feature ".repeat(100).getBytes(StandardCharsets.UTF_8);
    new BackendProbe(new CompressingBackend(store, 1, Compression.lz4(0)), "k", time)
        .put("lz4", EncodedEntry.plain(payload), Condition.ALWAYS);
    new BackendProbe(new CompressingBackend(store, 1, Compression.zstd(0)), "k", time)
        .put("zstd", EncodedEntry.plain(payload), Condition.ALWAYS);
    new BackendProbe(store, "k", time).put("plain", EncodedEntry.plain(payload), Condition.ALWAYS);

    var none = compression("none");
    var compressing = Class.forName("dev.tiercel.codec.CompressingBackend", true, loader)
        .asSubclass(Backend.class)
        .getConstructor(Backend.class, int.class, none.getClass())
        .newInstance(store, 1, none);
    var outcomes =
        new BackendProbe(compressing, "k", time).readAll(List.of("lz4", "zstd", "plain"));

    for (var outcome : outcomes.subList(0, 2)) {
      assertThat(((ReadOutcome.Failed) outcome).cause())
          .isInstanceOf(CodecFailure.class)
          .hasRootCauseInstanceOf(ClassNotFoundException.class);
    }
    assertThat(outcomes.get(2)).isInstanceOf(ReadOutcome.Found.class);
  }

  private Object compression(String factory, Object... arguments) throws Exception {
    var types = new Class<?>[arguments.length];
    Arrays.fill(types, int.class);
    var type = Class.forName("dev.tiercel.codec.Compression", true, loader);
    try {
      return type.getMethod(factory, types).invoke(null, arguments);
    } catch (InvocationTargetException thrown) {
      if (thrown.getCause() instanceof Exception exception) {
        throw exception;
      }
      throw thrown;
    }
  }

  /** Loads the codec package anew, as if the optional libraries were not there. */
  private static final class WithoutLibraries extends ClassLoader {

    private static final List<String> LIBRARIES = List.of(
        "net.jpountz.", "com.github.luben.", "com.fasterxml.jackson.", "com.google.protobuf.");

    WithoutLibraries(ClassLoader parent) {
      super(parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (LIBRARIES.stream().anyMatch(name::startsWith)) {
        throw new ClassNotFoundException(name);
      }
      if (!name.startsWith("dev.tiercel.codec.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        var loaded = findLoadedClass(name);
        return loaded == null ? define(name) : loaded;
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (var file = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (file == null) {
          throw new ClassNotFoundException(name);
        }
        var bytes = file.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
  }
}
