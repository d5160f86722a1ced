package dev.tiercel.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.codec.Compression;
import dev.tiercel.codec.Envelope;
import dev.tiercel.redis.RedisBackend;
import dev.tiercel.redis.RedisOptions;
import dev.tiercel.time.Version;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** What {@code wire-format.md} says against what the code writes. */
class WireFormatTest {

  private static final Pattern ROW =
      Pattern.compile("^\\| (\\d+) \\| (\\d+|payload length) \\| ([a-z ]+) \\|", Pattern.MULTILINE);
  private static final Pattern EXAMPLE = Pattern.compile("```\\n([0-9a-f \\n]+)```");
  private static final Pattern REASON = Pattern.compile("\\| `([a-z ]+)` \\|$", Pattern.MULTILINE);

  private static final Pattern USED_BY_SCRIPTS =
      Pattern.compile("^\\| (\\d+)(?: to (\\d+))? \\| [a-z, ]+ \\|", Pattern.MULTILINE);
  private static final Pattern READ_BY_SCRIPTS =
      Pattern.compile("string\\.(?:sub|byte)\\(head, (\\d+)(?:, (\\d+))?\\)");

  private static final EncodedEntry VALUE = new EncodedEntry(
      new byte[] {0x61, 0x00, (byte) 0xFF},
      6,
      Compression.Algorithm.ZSTD.id(),
      Version.of(1_750_000_000_000L, 7),
      1_750_000_000_001L,
      1_750_000_060_000L,
      1_750_000_600_000L,
      1_750_000_000_123_456L);
  private static final EncodedEntry TOMBSTONE =
      EncodedEntry.tombstone(Version.MAX, 1_750_000_000_001L, 0);

  private record Field(int offset, int size) {}

  private final String page = read();
  private final Map<String, Field> fields = fields();

  @Test
  void examples_areWhatTheCodeWritesAndReads() {
    var examples = EXAMPLE
        .matcher(page)
        .results()
        .map(match -> match.group(1).replaceAll("\\s", ""))
        .toList();
    assertThat(examples).hasSize(3);
    for (var i = 0; i < 3; i++) {
      var entry = List.of(VALUE, TOMBSTONE, Envelope.mark(VALUE.version())).get(i);
      var bytes = HexFormat.of().parseHex(examples.get(i));

      assertThat(Envelope.encode("features", "user-42", entry)).isEqualTo(bytes);
      assertThat(Envelope.decode("features", "user-42", bytes))
          .isEqualTo(new Envelope.Readable(entry));
    }
  }

  @Test
  void offsetsAndSizes_areThoseOfTheCode() {
    var bytes = Envelope.encode("features", "user-42", VALUE);
    var checksum = new CRC32C();
    checksum.update(bytes, 0, 60);
    checksum.update(bytes, 64, bytes.length - 64);

    assertThat(number(bytes, "magic")).isEqualTo(0x5443);
    assertThat(number(bytes, "format")).isEqualTo(1);
    assertThat(number(bytes, "flags")).isEqualTo(2);
    assertThat(number(bytes, "codec")).isEqualTo(6);
    assertThat(number(bytes, "reserved")).isZero();
    assertThat(number(bytes, "version")).isEqualTo(VALUE.version());
    assertThat(number(bytes, "created")).isEqualTo(VALUE.createdAtMillis());
    assertThat(number(bytes, "soft expiry")).isEqualTo(VALUE.softExpiryMillis());
    assertThat(number(bytes, "expiry")).isEqualTo(VALUE.expiryMillis());
    assertThat(number(bytes, "key digest")).isEqualTo(0x9419320ef0200c94L);
    assertThat(number(bytes, "barrier")).isEqualTo(VALUE.barrier());
    assertThat(number(bytes, "payload length")).isEqualTo(3);
    assertThat(number(bytes, "checksum")).isEqualTo(checksum.getValue());
    assertThat(Arrays.copyOfRange(bytes, fields.get("payload").offset(), bytes.length))
        .isEqualTo(VALUE.payload());
    assertThat(number(Envelope.encode("features", "user-42", TOMBSTONE), "flags"))
        .isEqualTo(1 << 4);
  }

  @Test
  void head_isDescribedWithoutAGap() {
    var end = 0;
    for (var name : ROW.matcher(page).results().map(match -> match.group(3)).toList()) {
      assertThat(fields.get(name).offset()).as(name).isEqualTo(end);
      end += fields.get(name).size();
    }
    assertThat(end).isEqualTo(Envelope.HEAD_BYTES);
    assertThat(fields.get("version").offset()).isEqualTo(Envelope.VERSION_OFFSET);
  }

  @Test
  void compressions_haveTheirIds() {
    assertThat(page).contains("0 not at all, 1 LZ4, 2 Zstandard");
    assertThat(Compression.Algorithm.values())
        .extracting(Compression.Algorithm::id)
        .containsExactly(0, 1, 2);
    assertThat(page).contains("above " + (Compression.MAX_BYTES >> 20) + " MiB");
  }

  @Test
  void reasons_areThoseTheCodeGives() {
    var bytes = Envelope.encode("features", "user-42", VALUE);
    var reasons = REASON.matcher(page).results().map(match -> match.group(1)).toList();

    assertThat(reasons)
        .containsExactly("length", "magic", "format", "checksum", "key digest", "flags", "field");
    assertThat(Envelope.decode("features", "user-43", bytes))
        .isEqualTo(new Envelope.Unreadable("key digest"));
    assertThat(Envelope.decode("features", "user-42", new byte[63]))
        .isEqualTo(new Envelope.Unreadable("length"));
    assertThat(Envelope.decode("features", "user-42", new byte[64]))
        .isEqualTo(new Envelope.Unreadable("magic"));
  }

  @Test
  void bytesThatScriptsReadOfAHead_areThoseThePageNames() throws IOException {
    assertThat(page).contains("first " + Envelope.HEAD_BYTES + " bytes are still those");
    var section = page.substring(
        page.indexOf("### What scripts rely on"), page.indexOf("## Rules of change"));
    assertThat(bytesNamed(USED_BY_SCRIPTS, section, 0))
        .isEqualTo(bytesNamed(READ_BY_SCRIPTS, scripts(), 1));
    assertThat(scripts()).contains("'TC\\1'").contains("HEAD_BYTES = " + Envelope.HEAD_BYTES);
  }

  @Test
  void retentions_areTheDefaults() {
    var options = RedisOptions.of(URI.create("redis://localhost"));
    assertThat(page)
        .contains("`versionRetention` (" + options.versionRetention().toSeconds() + " s)")
        .contains("`barrierRetention` (" + options.barrierRetention().toDays() + " day)");
  }

  /** The bytes named by pairs of the first and, unless it is one alone, the last. */
  private static Set<Integer> bytesNamed(Pattern pair, String text, int countedFrom) {
    var bytes = new TreeSet<Integer>();
    var matches = pair.matcher(text);
    while (matches.find()) {
      var first = Integer.parseInt(matches.group(1)) - countedFrom;
      var last =
          matches.group(2) == null ? first : Integer.parseInt(matches.group(2)) - countedFrom;
      IntStream.rangeClosed(first, last).forEach(bytes::add);
    }
    return bytes;
  }

  private static String scripts() throws IOException {
    try (var common = RedisBackend.class.getResourceAsStream("common.lua")) {
      return new String(common.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private long number(byte[] bytes, String name) {
    var field = fields.get(name);
    var number = ByteBuffer.allocate(8);
    number.position(8 - field.size());
    number.put(bytes, field.offset(), field.size());
    return number.getLong(0);
  }

  private Map<String, Field> fields() {
    var found = new HashMap<String, Field>();
    ROW.matcher(page).results().forEach(match -> {
      var size = match.group(2).equals("payload length") ? 0 : Integer.parseInt(match.group(2));
      found.put(match.group(3), new Field(Integer.parseInt(match.group(1)), size));
    });
    return found;
  }

  private static String read() {
    try {
      return Files.readString(Path.of("wire-format.md"));
    } catch (IOException missing) {
      throw new java.io.UncheckedIOException(missing);
    }
  }
}
