package dev.tiercel.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplittingBackendTest {

  private final CallContext context =
      CallContext.of(Deadline.after(Duration.ofSeconds(1), new FakeTime()));
  private final Echo echo = new Echo();
  private final SplittingBackend splitting = new SplittingBackend(echo, () -> 2);

  @Test
  void read_moreKeysThanTheBackendTakes_partsComeTogetherInOrder() {
    var keys = IntStream.range(0, 7).mapToObj(Integer::toString).toList();
    var result = splitting.read(ReadRequest.of("k", keys), context).join();

    assertThat(echo.readSizes).containsExactly(3, 3, 1);
    assertThat(result.outcomes())
        .extracting(outcome -> new String(((ReadOutcome.Found) outcome).entry().payload(), UTF_8))
        .containsExactlyElementsOf(keys);
  }

  @Test
  void write_moreMutationsThanTheBackendTakes_partsComeTogetherInOrder() {
    var mutations =
        IntStream.range(1, 6).<Mutation>mapToObj(SplittingBackendTest::put).toList();
    var result = splitting.write(new WriteRequest("k", mutations), context).join();

    assertThat(echo.writeSizes).containsExactly(2, 2, 1);
    assertThat(result.outcomes())
        .extracting(outcome -> ((WriteOutcome.Stored) outcome).version())
        .containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void requestThatFits_goesAsItIs() {
    splitting.read(ReadRequest.of("k", List.of("a", "b", "c")), context).join();

    assertThat(echo.readSizes).containsExactly(3);
  }

  @Test
  void onePartFails_onlyItsKeysFail() {
    echo.failing = "4";
    var keys = IntStream.range(0, 7).mapToObj(Integer::toString).toList();
    var result = splitting.read(ReadRequest.of("k", keys), context).join();

    assertThat(IntStream.range(0, 7)
            .filter(i -> result.outcomes().get(i) instanceof ReadOutcome.Failed))
        .containsExactly(3, 4, 5);
  }

  @Test
  void cancel_reachesEveryPartOnItsWayAndNoOtherIsSent() {
    echo.held = new ArrayList<>();
    var keys = IntStream.range(0, 9).mapToObj(Integer::toString).toList();
    splitting.read(ReadRequest.of("k", keys), context).cancel(true);

    assertThat(echo.held).hasSize(2).allMatch(CompletableFuture::isCancelled);
  }

  @Test
  void largeBatch_hasOnlySoManyPartsOnTheirWayAtOnce() {
    echo.held = new ArrayList<>();
    var keys = IntStream.range(0, 12).mapToObj(Integer::toString).toList();
    var answer = splitting.read(ReadRequest.of("k", keys), context);
    assertThat(echo.readSizes).hasSize(2);

    for (var part = 0; part < 4; part++) {
      assertThat(echo.readSizes).hasSizeLessThanOrEqualTo(part + 2);
      echo.held.get(part).complete(Echo.found(keys.subList(3 * part, 3 * part + 3)));
    }

    assertThat(echo.readSizes).containsExactly(3, 3, 3, 3);
    assertThat(answer.join().outcomes())
        .extracting(outcome -> new String(((ReadOutcome.Found) outcome).entry().payload(), UTF_8))
        .containsExactlyElementsOf(keys);
  }

  private static Mutation put(int version) {
    var entry = EncodedEntry.plain(new byte[0]).withVersion(version);
    return new Mutation.Put("key" + version, entry, Condition.ALWAYS);
  }

  /** Finds every key with itself as the value. */
  private static final class Echo implements Backend {
    final List<Integer> readSizes = new ArrayList<>();
    final List<Integer> writeSizes = new ArrayList<>();
    String failing = "";
    List<CompletableFuture<ReadResult>> held;

    @Override
    public String name() {
      return "echo";
    }

    @Override
    public String region() {
      return "";
    }

    @Override
    public Capabilities capabilities() {
      return new Capabilities(3, 2, 100, 100, Set.of());
    }

    @Override
    public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
      readSizes.add(request.keys().size());
      if (held != null) {
        var hold = new CompletableFuture<ReadResult>();
        held.add(hold);
        return hold;
      }
      if (request.keys().contains(failing)) {
        var failure = new Unavailable("echo: down", Where.NOWHERE, null);
        return CompletableFuture.completedFuture(
            ReadResult.failed(request.keys().size(), failure));
      }
      return CompletableFuture.completedFuture(found(request.keys()));
    }

    static ReadResult found(List<String> keys) {
      return new ReadResult(keys.stream()
          .<ReadOutcome>map(key ->
              new ReadOutcome.Found(EncodedEntry.plain(key.getBytes(UTF_8)), Origin.source("")))
          .toList());
    }

    @Override
    public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
      writeSizes.add(request.mutations().size());
      var outcomes = request.mutations().stream()
          .<WriteOutcome>map(mutation ->
              new WriteOutcome.Stored(((Mutation.Put) mutation).entry().version()))
          .toList();
      return CompletableFuture.completedFuture(new WriteResult(outcomes));
    }

    @Override
    public void close() {}
  }
}
