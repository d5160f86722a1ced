package dev.tiercel.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.builtin.Backends;
import dev.tiercel.error.CodecFailure;
import dev.tiercel.testing.BackendProbe;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.time.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressingBackendTest {

  private static final int CODEC = 6;
  private static final byte[] COMPRESSIBLE =
      "feature ".repeat(100).getBytes(StandardCharsets.UTF_8);

  private final FakeTime time = new FakeTime();
  private final Backend store = Backends.inMemoryStore(16 << 20, time);

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void put_compressible_isKeptSmallerAndReadAsItWas(int id) {
    var compressing = compressing(id == 1 ? Compression.lz4(100) : Compression.zstd(100));
    var entry = new EncodedEntry(COMPRESSIBLE, CODEC, 0, 1, 2, 3, 0);
    compressing.put("key", entry, Condition.ALWAYS);

    assertThat(inStore("key").compression()).isEqualTo(id);
    assertThat(inStore("key").size()).isLessThan(COMPRESSIBLE.length / 4);
    assertThat(compressing.found("key")).isEqualTo(entry);
  }

  @Test
  void read_whatAnotherProcessCompressedOtherwise_isReadToo() {
    compressing(Compression.lz4(0)).put("lz4", value(COMPRESSIBLE), Condition.ALWAYS);
    compressing(Compression.zstd(0)).put("zstd", value(COMPRESSIBLE), Condition.ALWAYS);

    var plain = compressing(Compression.none());
    assertThat(plain.found("lz4").payload()).isEqualTo(COMPRESSIBLE);
    assertThat(plain.found("zstd").payload()).isEqualTo(COMPRESSIBLE);
  }

  @Test
  void put_belowTheThreshold_isKeptAsItIs() {
    compressing(Compression.lz4(801)).put("key", value(COMPRESSIBLE), Condition.ALWAYS);

    assertThat(inStore("key")).isEqualTo(value(COMPRESSIBLE));
  }

  @Test
  void put_incompressible_isKeptAsItIs() {
    var payload = new byte[10_000];
    new Random(1).nextBytes(payload);
    compressing(Compression.zstd(0)).put("key", value(payload), Condition.ALWAYS);

    assertThat(inStore("key")).isEqualTo(value(payload));
  }

  @Test
  void fill_isCompressedAndMarkedWithTheCodec() {
    var compressing = compressing(Compression.lz4(0));
    var token = compressing.lease("key", Duration.ofSeconds(5)).token();
    compressing.fill("key", EncodedEntry.plain(COMPRESSIBLE), token);

    assertThat(inStore("key").compression()).isEqualTo(1);
    assertThat(inStore("key").codecId()).isEqualTo(CODEC);
    assertThat(compressing.found("key").payload()).isEqualTo(COMPRESSIBLE);
  }

  @Test
  void put_tombstone_isLeftAlone() {
    var tombstone = EncodedEntry.tombstone(1, 2, 0);
    var compressing = compressing(Compression.lz4(0));
    compressing.put("key", tombstone, Condition.ALWAYS);

    assertThat(compressing.absent("key").tombstone()).isEqualTo(tombstone);
  }

  @Test
  void read_whatCannotBeDecompressed_failsItsKeyOnly() {
    var raw = new BackendProbe(store, "k", time);
    raw.put("damaged", new EncodedEntry(COMPRESSIBLE, CODEC, 1, 1, 0, 0, 0), Condition.ALWAYS);
    raw.put("short", new EncodedEntry(new byte[3], CODEC, 2, 1, 0, 0, 0), Condition.ALWAYS);
    raw.put("unknown", new EncodedEntry(COMPRESSIBLE, CODEC, 3, 1, 0, 0, 0), Condition.ALWAYS);
    raw.put("fine", value(COMPRESSIBLE), Condition.ALWAYS);

    var outcomes =
        compressing(Compression.none()).readAll(List.of("damaged", "short", "unknown", "fine"));

    for (var outcome : outcomes.subList(0, 3)) {
      assertThat(((ReadOutcome.Failed) outcome).cause()).isInstanceOf(CodecFailure.class);
    }
    assertThat(outcomes.get(3)).isInstanceOf(ReadOutcome.Found.class);
  }

  @Test
  void read_cancelled_cancelsTheCallBehind() {
    var behind = new CompletableFuture<ReadResult>();
    var held = new ForwardingBackend(store) {
      @Override
      public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
        return behind;
      }
    };
    new CompressingBackend(held, CODEC, Compression.lz4(0))
        .read(
            ReadRequest.of("k", List.of("a")),
            CallContext.of(Deadline.after(Duration.ofSeconds(1), time)))
        .cancel(true);

    assertThat(behind).isCancelled();
  }

  private BackendProbe compressing(Compression compression) {
    return new BackendProbe(new CompressingBackend(store, CODEC, compression), "k", time);
  }

  private EncodedEntry inStore(String key) {
    return new BackendProbe(store, "k", time).found(key);
  }

  private static EncodedEntry value(byte[] payload) {
    return new EncodedEntry(payload, CODEC, 0, 1, 0, 0, 0);
  }
}
