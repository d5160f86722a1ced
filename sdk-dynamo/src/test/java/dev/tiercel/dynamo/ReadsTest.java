package dev.tiercel.dynamo;

import static dev.tiercel.dynamo.Fixture.KEYSPACE;
import static dev.tiercel.dynamo.Fixture.TABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Freshness;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.error.CodecFailure;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.InvalidRequest;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Throttled;
import dev.tiercel.error.Unavailable;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;

class ReadsTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Fixture fixture = new Fixture();

  @Test
  void read_unprocessedOnce_asksAfterAPauseForThoseOnly() {
    var answer = read(SECOND, "a", "b", "c");
    assertThat(keysAsked()).containsExactlyInAnyOrder("a", "b", "c");
    answer(List.of(Fixture.item("a")), "b");

    fixture.time.advance(Duration.ofMillis(4));
    assertThat(fixture.dynamo.asked()).hasSize(1);
    fixture.time.advance(Duration.ofMillis(1));
    assertThat(keysAsked()).containsExactly("b");
    answer(List.of(Fixture.item("b")));

    var outcomes = answer.join().outcomes();
    assertThat(outcomes.get(0)).isInstanceOf(ReadOutcome.Found.class);
    assertThat(outcomes.get(1)).isInstanceOf(ReadOutcome.Found.class);
    assertThat(outcomes.get(2)).isInstanceOf(ReadOutcome.Absent.class);
  }

  @Test
  void read_unprocessedAndNoTimeLeft_failsThoseThrottledAndKeepsTheOthers() {
    var answer = read(Duration.ofMillis(20), "a", "b", "c", "d");
    answer(List.of(Fixture.item("a")), "b", "c", "d");
    fixture.time.advance(Duration.ofMillis(5));
    answer(List.of(Fixture.item("b")), "c", "d");

    // The third round comes 15 ms after the first; the pause after it, 20 ms, would be too long.
    fixture.time.advance(Duration.ofMillis(10));
    answer(List.of(Fixture.item("c")), "d");

    assertThat(answer).isDone();
    assertThat(answer.join().outcomes().subList(0, 3))
        .allMatch(ReadOutcome.Found.class::isInstance);
    assertFailed(answer.join().outcomes().get(3), Throttled.class);
    assertThat(fixture.time.pendingTimers()).isZero();
  }

  @Test
  void read_roundThatGotNothingDone_isTheLast() {
    var answer = read(SECOND, "a", "b");
    answer(List.of(Fixture.item("a")), "b");
    fixture.time.advance(Duration.ofMillis(5));
    answer(List.of(), "b");

    assertThat(answer.join().outcomes().get(0)).isInstanceOf(ReadOutcome.Found.class);
    assertFailed(answer.join().outcomes().get(1), Throttled.class);
    assertThat(fixture.dynamo.asked()).hasSize(2);
    assertThat(fixture.time.pendingTimers()).isZero();
  }

  @Test
  void read_everyRoundGetsALittleDone_thereAreOnlySoMany() {
    var all = IntStream.range(0, 10).mapToObj(i -> "key" + i).toArray(String[]::new);
    var answer = read(SECOND, all);
    for (var round = 1; round <= Rounds.MAX_ROUNDS; round++) {
      assertThat(fixture.dynamo.asked()).hasSize(round);
      answer(List.of(), Arrays.copyOfRange(all, round, all.length));
      fixture.time.advance(Duration.ofMillis(100));
    }

    assertThat(answer).isDone();
    assertThat(fixture.dynamo.asked()).hasSize(Rounds.MAX_ROUNDS);
    answer
        .join()
        .outcomes()
        .subList(Rounds.MAX_ROUNDS, all.length)
        .forEach(outcome -> assertFailed(outcome, Throttled.class));
  }

  @Test
  void close_betweenTwoRounds_keepsWhatIsKnownAndEndsTheRest() {
    var answer = read(SECOND, "a", "b");
    answer(List.of(Fixture.item("a")), "b");
    fixture.backend.close();

    assertThat(answer).isCompleted();
    assertThat(answer.join().outcomes().get(0)).isInstanceOf(ReadOutcome.Found.class);
    assertFailed(answer.join().outcomes().get(1), Unavailable.class);
    assertThat(fixture.time.pendingTimers()).isZero();
  }

  @Test
  void read_laterRoundFails_failsItsKeysOnly() {
    var answer = read(SECOND, "a", "b");
    answer(List.of(Fixture.item("a")), "b");
    fixture.time.advance(Duration.ofMillis(5));
    fixture.dynamo.last().answer().completeExceptionally(new IllegalStateException("lost"));

    assertThat(answer.join().outcomes().get(0)).isInstanceOf(ReadOutcome.Found.class);
    assertFailed(answer.join().outcomes().get(1), Unavailable.class);
  }

  @Test
  void read_cancelled_cancelsTheClientsOwnFuture() {
    read(SECOND, "a", "b").cancel(true);
    assertThat(fixture.dynamo.last().answer()).isCancelled();

    read(SECOND, "a").cancel(true);
    assertThat(fixture.dynamo.last().answer()).isCancelled();
  }

  @Test
  void read_cancelledBetweenRounds_asksNoMore() {
    var answer = read(SECOND, "a", "b");
    answer(List.of(Fixture.item("b")), "a");
    answer.cancel(true);

    fixture.time.advance(SECOND);
    assertThat(fixture.dynamo.asked()).hasSize(1);
    assertThat(fixture.time.pendingTimers()).isZero();
  }

  @Test
  void read_cancelledInALaterRound_cancelsThatRoundsFuture() {
    var answer = read(SECOND, "a", "b");
    answer(List.of(), "a");
    fixture.time.advance(Duration.ofMillis(5));
    answer.cancel(true);

    assertThat(fixture.dynamo.asked()).hasSize(2);
    assertThat(fixture.dynamo.last().answer()).isCancelled();
  }

  @Test
  void read_deadlinePassed_sendsNothing() {
    var context = fixture.within(Duration.ofMillis(5));
    fixture.time.advance(Duration.ofMillis(5));
    var answer = fixture.backend.read(ReadRequest.of(KEYSPACE, List.of("a", "b")), context);

    answer.join().outcomes().forEach(outcome -> assertFailed(outcome, DeadlineExceeded.class));
    assertThat(fixture.dynamo.asked()).isEmpty();
  }

  @Test
  void read_timeOutOfTheRequest_isWhatIsLeftLessALittle() {
    read(SECOND, "a");
    read(Duration.ofMillis(16), "a");

    assertThat(fixture.dynamo.asked().stream().map(ReadsTest::timeout))
        .containsExactly(Duration.ofMillis(995), Duration.ofMillis(14));
  }

  @Test
  void read_badKeyAmongOthers_failsAlone() {
    var answer = read(SECOND, "a", "\uD800", "k".repeat(2048), "b");
    assertThat(keysAsked()).containsExactlyInAnyOrder("a", "b");
    answer(List.of(Fixture.item("a"), Fixture.item("b")));

    var outcomes = answer.join().outcomes();
    assertThat(outcomes.get(0)).isInstanceOf(ReadOutcome.Found.class);
    assertFailed(outcomes.get(1), InvalidRequest.class);
    assertFailed(outcomes.get(2), InvalidRequest.class);
    assertThat(outcomes.get(3)).isInstanceOf(ReadOutcome.Found.class);
  }

  @Test
  void read_moreKeysThanDeclared_isRefused() {
    var keys = IntStream.range(0, 101).mapToObj(i -> "key" + i).toArray(String[]::new);

    read(SECOND, keys)
        .join()
        .outcomes()
        .forEach(outcome -> assertFailed(outcome, InvalidRequest.class));
    assertThat(fixture.dynamo.asked()).isEmpty();
  }

  @Test
  void read_itemNobodyAskedFor_makesNoKeyAbsent() {
    var answer = read(SECOND, "a", "b");
    answer(List.of(Fixture.item("a"), Map.of("version", AttributeValue.fromN("1"))));

    assertThat(answer.join().outcomes().get(0)).isInstanceOf(ReadOutcome.Found.class);
    assertFailed(answer.join().outcomes().get(1), Unavailable.class);
  }

  @Test
  void read_isConsistent_unlessTheOptionsSayOtherwiseAndNobodyAsksForMore() {
    var eventual = new Fixture(DynamoOptions.of(Region.EU_CENTRAL_1).eventualReads(true));
    var any = ReadRequest.of(KEYSPACE, List.of("a"));
    var atLeast = any.withFreshness(new Freshness(7, Freshness.ANY.maxAge()));

    for (var request : List.of(any, any.withFreshness(Freshness.CONSISTENT), atLeast)) {
      unread(fixture.backend.read(request, fixture.within(SECOND)));
      assertThat(((GetItemRequest) fixture.dynamo.last().request()).consistentRead())
          .isTrue();
      unread(eventual.backend.read(request, eventual.within(SECOND)));
      assertThat(((GetItemRequest) eventual.dynamo.last().request()).consistentRead())
          .isEqualTo(request != any);
    }
  }

  @Test
  void read_expired_isAbsentByTheInjectedClock() {
    var now = fixture.time.millis();
    var expiring = new EncodedEntry(new byte[] {1}, 1, 0, 1, 0, 0, now + 10);
    var mark = EncodedEntry.tombstone(2, now, now + 10);

    var before = read(SECOND, "a", "b");
    answer(List.of(Fixture.item("a", expiring), Fixture.item("b", mark)));
    assertThat(before.join().outcomes().get(0)).isInstanceOf(ReadOutcome.Found.class);
    assertThat(((ReadOutcome.Absent) before.join().outcomes().get(1)).tombstone())
        .isEqualTo(mark);

    fixture.time.advance(Duration.ofMillis(10));
    var after = read(SECOND, "a", "b");
    answer(List.of(Fixture.item("a", expiring), Fixture.item("b", mark)));
    after
        .join()
        .outcomes()
        .forEach(
            outcome -> assertThat(((ReadOutcome.Absent) outcome).tombstone()).isNull());
  }

  static Stream<Arguments> malformed() {
    var number = AttributeValue.fromN("1");
    var bytes = AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {1}));
    return Stream.of(
        arguments(Map.of("version", number), "value"),
        arguments(Map.of("value", bytes), "version"),
        arguments(Map.of("value", AttributeValue.fromS("secret"), "version", number), "value"),
        arguments(Map.of("value", bytes, "version", AttributeValue.fromS("1")), "version"),
        arguments(Map.of("value", bytes, "version", AttributeValue.fromN("-1")), "version"),
        arguments(Map.of("value", bytes, "version", AttributeValue.fromN("1.5")), "version"),
        arguments(
            Map.of("value", bytes, "version", AttributeValue.fromN("9223372036854775808")),
            "version"),
        arguments(
            Map.of("value", bytes, "version", number, "expiry", AttributeValue.fromS("1")),
            "expiry"),
        arguments(
            Map.of("value", bytes, "version", number, "codec", AttributeValue.fromN("65536")),
            "codec"),
        arguments(
            Map.of(
                "value",
                bytes,
                "version",
                number,
                "compression",
                AttributeValue.fromN("2147483648")),
            "compression"),
        arguments(Map.of("version", number, "deleted", AttributeValue.fromS("true")), "deleted"));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void read_malformedItem_failsItsKeyWithACodecFailure(
      Map<String, AttributeValue> item, String attribute) {
    var answer = read(SECOND, "a");
    fixture.dynamo.last().answer().complete(GetItemResponse.builder().item(item).build());

    var cause = assertFailed(answer.join().outcomes().get(0), CodecFailure.class);
    assertThat(cause).hasMessageContaining("attribute " + attribute);
    assertThat(cause.getMessage()).doesNotContain("secret");
  }

  @Test
  void close_duringARead_failsItUnavailable() {
    var answer = read(SECOND, "a", "b");
    fixture.backend.close();

    answer.join().outcomes().forEach(outcome -> assertFailed(outcome, Unavailable.class));
  }

  private CompletableFuture<ReadResult> read(Duration timeout, String... keys) {
    return fixture.backend.read(ReadRequest.of(KEYSPACE, List.of(keys)), fixture.within(timeout));
  }

  private List<String> keysAsked() {
    return Fixture.names(
        fixture.dynamo.last().batchGet().requestItems().get(TABLE).keys());
  }

  private void answer(List<Map<String, AttributeValue>> items, String... unprocessed) {
    var response = BatchGetItemResponse.builder().responses(Map.of(TABLE, items));
    if (unprocessed.length > 0) {
      var asked = fixture.dynamo.last().batchGet().requestItems().get(TABLE);
      response.unprocessedKeys(
          Map.of(TABLE, asked.toBuilder().keys(Fixture.keys(unprocessed)).build()));
    }
    fixture.dynamo.last().answer().complete(response.build());
  }

  private static Duration timeout(ScriptedDynamo.Asked asked) {
    return ((GetItemRequest) asked.request())
        .overrideConfiguration()
        .orElseThrow()
        .apiCallTimeout()
        .orElseThrow();
  }

  private static void unread(CompletableFuture<ReadResult> answer) {
    assertThat(answer).isNotDone();
  }

  private static ServingException assertFailed(
      ReadOutcome outcome, Class<? extends ServingException> type) {
    assertThat(outcome).isInstanceOf(ReadOutcome.Failed.class);
    var cause = ((ReadOutcome.Failed) outcome).cause();
    assertThat(cause).isExactlyInstanceOf(type);
    return cause;
  }
}
