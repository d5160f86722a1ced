package dev.tiercel.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class TraceFileTest {

  private static final int ALL = Integer.MAX_VALUE;

  @TempDir
  private Path directory;

  @Test
  void read_eightByteKeys_areBigEndianAndSigned() throws Exception {
    var file = write("scarab-recs.trace", longs(1, -2, Long.MAX_VALUE));
    var trace = TraceFile.of(file, OptionalInt.empty()).read(ALL);
    assertThat(trace.name()).isEqualTo("scarab-recs.trace");
    assertThat(trace.items().asList()).containsExactly(1L, -2L, Long.MAX_VALUE);
  }

  @Test
  void read_fourByteKeys_areUnsigned() throws Exception {
    var file = write("web07.trace", new byte[] {0, 0, 1, 0, -1, -1, -1, -1});
    assertThat(TraceFile.of(file, OptionalInt.empty()).read(ALL).items().asList())
        .containsExactly(256L, 0xFFFFFFFFL);
  }

  @Test
  void read_xz_isDecompressed() throws Exception {
    var file = write("web07.trace.xz", xz(new byte[] {0, 0, 0, 9}));
    assertThat(TraceFile.of(file, OptionalInt.empty()).read(ALL).items().asList())
        .containsExactly(9L);
  }

  @Test
  void read_limit_takesTheFirstRequests() throws Exception {
    var file = write("any", longs(1, 2, 3));
    assertThat(new TraceFile(file, 8).read(2).items().asList()).containsExactly(1L, 2L);
  }

  @Test
  void of_optionOverName_optionWins() throws Exception {
    assertThat(TraceFile.of(Path.of("web07.trace"), OptionalInt.of(8)).keyBytes())
        .isEqualTo(8);
  }

  @Test
  void of_unknownName_asksForTheWidth() {
    assertThatThrownBy(() -> TraceFile.of(Path.of("other.trace"), OptionalInt.empty()))
        .isInstanceOf(TraceFile.Unreadable.class)
        .hasMessage("--key-bytes: unknown for other.trace (expected: 4 or 8)");
  }

  @Test
  void read_plainFileCutWithinAKey_isUnreadable() throws Exception {
    assertUnreadable(write("any", Arrays.copyOf(longs(1, 2), 13)), "cut off");
  }

  @Test
  void read_xzCutAnywhere_isUnreadable() throws Exception {
    var whole = xz(longs(1, 2, 3, 4));
    for (var length = 1; length < whole.length; length++) {
      assertUnreadable(write("any.xz", Arrays.copyOf(whole, length)), "any.xz");
    }
  }

  @Test
  void read_xzWithAFlippedBit_isUnreadable() throws Exception {
    var bytes = xz(longs(1, 2, 3, 4));
    bytes[bytes.length / 2] ^= 1;
    assertUnreadable(write("any.xz", bytes), "any.xz");
  }

  @Test
  void read_noXz_isUnreadable() throws Exception {
    assertUnreadable(write("any.xz", longs(1, 2, 3)), "not in the XZ format");
  }

  @Test
  void read_noFile_isUnreadable() {
    assertUnreadable(directory.resolve("none"), "not there");
  }

  @Test
  void read_directory_isUnreadable() {
    assertUnreadable(directory, "a directory");
  }

  @Test
  void read_emptyFile_isUnreadable() throws Exception {
    assertUnreadable(write("any", new byte[0]), "empty");
  }

  private static void assertUnreadable(Path file, String why) {
    assertThatThrownBy(() -> new TraceFile(file, 8).read(ALL))
        .isInstanceOf(TraceFile.Unreadable.class)
        .hasMessageStartingWith("--trace: " + file + ": ")
        .hasMessageContaining(why)
        .hasMessageEndingWith("(expected: a trace of keys of 8 bytes)");
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(directory.resolve(name), bytes);
  }

  private static byte[] longs(long... keys) {
    var bytes = ByteBuffer.allocate(keys.length * Long.BYTES);
    bytes.asLongBuffer().put(keys);
    return bytes.array();
  }

  private static byte[] xz(byte[] plain) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new XZOutputStream(bytes, new LZMA2Options())) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }
}
