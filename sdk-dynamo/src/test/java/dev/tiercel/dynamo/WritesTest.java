package dev.tiercel.dynamo;

import static dev.tiercel.dynamo.Fixture.TABLE;
import static dev.tiercel.dynamo.Fixture.put;
import static dev.tiercel.dynamo.Fixture.writes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.error.CodecFailure;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.InvalidRequest;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Throttled;
import dev.tiercel.error.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;

class WritesTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final DynamoOptions OPTIONS = DynamoOptions.of(Region.EU_CENTRAL_1);

  private final Fixture fixture = new Fixture();

  @Test
  void write_severalUnconditional_goOutTogetherAndTheUnprocessedAgain() {
    var answer = fixture.backend.write(
        writes(
            put("a", 1, Condition.ALWAYS),
            put("b", 2, Condition.ALWAYS),
            put("c", 3, Condition.ALWAYS)),
        fixture.within(SECOND));
    assertThat(fixture.dynamo.asked()).hasSize(1);
    assertThat(keysSent()).containsExactlyInAnyOrder("a", "b", "c");
    answerBulk("b");

    fixture.time.advance(Duration.ofMillis(5));
    assertThat(keysSent()).containsExactly("b");
    answerBulk();

    assertThat(answer.join().outcomes())
        .containsExactly(
            new WriteOutcome.Stored(1), new WriteOutcome.Stored(2), new WriteOutcome.Stored(3));
  }

  @Test
  void write_unprocessedAlways_failsThoseThrottledAndKeepsTheOthers() {
    var answer = fixture.backend.write(
        writes(put("a", 1, Condition.ALWAYS), put("b", 2, Condition.ALWAYS)),
        fixture.within(SECOND));
    answerBulk("b");
    fixture.time.advance(Duration.ofMillis(5));
    answerBulk("b");

    assertThat(answer.join().outcomes().get(0)).isEqualTo(new WriteOutcome.Stored(1));
    assertFailed(answer.join().outcomes().get(1), Throttled.class);
    assertThat(fixture.dynamo.asked()).hasSize(2);
  }

  @Test
  void write_bulkCut_isUnknownForThoseInTheRoundOnly() {
    var answer = fixture.backend.write(
        writes(put("a", 1, Condition.ALWAYS), put("b", 2, Condition.ALWAYS)),
        fixture.within(SECOND));
    answerBulk("b");
    fixture.time.advance(Duration.ofMillis(5));
    fixture.dynamo.last().answer().completeExceptionally(new IllegalStateException("lost"));

    assertThat(answer.join().outcomes().get(0)).isEqualTo(new WriteOutcome.Stored(1));
    assertFailed(answer.join().outcomes().get(1), OutcomeUnknown.class);
  }

  @Test
  void write_conditions_goOutOneByOneBesideTheBulk() {
    var answer = fixture.backend.write(
        writes(
            put("a", 1, Condition.IF_NEWER),
            put("b", 2, Condition.ALWAYS),
            put("c", 3, Condition.ALWAYS),
            put("d", 4, Condition.IF_ABSENT)),
        fixture.within(SECOND));

    assertThat(fixture.dynamo.asked())
        .filteredOn(asked -> asked.request() instanceof PutItemRequest)
        .hasSize(2);
    assertThat(keysSent()).containsExactlyInAnyOrder("b", "c");
    fixture.dynamo.asked().forEach(WritesTest::succeed);
    assertThat(answer.join().outcomes())
        .containsExactly(
            new WriteOutcome.Stored(1),
            new WriteOutcome.Stored(2),
            new WriteOutcome.Stored(3),
            new WriteOutcome.Stored(4));
  }

  @Test
  void write_refused_tellsTheStoredVersionWithoutAskingAgain() {
    var answer =
        fixture.backend.write(writes(put("a", 1, Condition.IF_NEWER)), fixture.within(SECOND));
    refuse(Fixture.item("a", EncodedEntry.tombstone((1L << 53) + 1, 0, 0)));

    assertThat(answer.join().outcomes()).containsExactly(new WriteOutcome.Rejected((1L << 53) + 1));
    assertThat(fixture.dynamo.asked()).hasSize(1);
  }

  @Test
  void write_refusedByAnUnreadableItem_failsRatherThanGuessAVersion() {
    var answer =
        fixture.backend.write(writes(put("a", 1, Condition.IF_NEWER)), fixture.within(SECOND));
    refuse(Map.of("key", Fixture.keyValue("a"), "version", AttributeValue.fromS("one")));

    assertFailed(answer.join().outcomes().get(0), CodecFailure.class);
  }

  @Test
  void write_atMostSoManyAtOnce_theOthersFollowInOrder() {
    var limited = new Fixture(OPTIONS.maxConcurrentWrites(2));
    var mutations = IntStream.range(0, 5)
        .mapToObj(i -> put("key" + i, i + 1, Condition.IF_NEWER))
        .toList();
    var answer = limited.backend.write(
        new WriteRequest(Fixture.KEYSPACE, mutations), limited.within(SECOND));

    for (var done = 0; done < 5; done++) {
      assertThat(limited.dynamo.asked()).hasSize(Math.min(done + 2, 5));
      succeed(limited.dynamo.asked().get(done));
    }

    assertThat(limited.dynamo.asked().stream().map(WritesTest::keyPut))
        .containsExactly("users:key0", "users:key1", "users:key2", "users:key3", "users:key4");
    assertThat(answer.join().outcomes()).allMatch(WriteOutcome.Stored.class::isInstance);
    assertThat(limited.time.pendingTimers()).isZero();
  }

  @Test
  void write_queueFull_refusesAtOnce() {
    var limited = new Fixture(OPTIONS.maxConcurrentWrites(1).maxQueuedWrites(1));
    var answer = limited.backend.write(
        writes(
            put("a", 1, Condition.IF_NEWER),
            put("b", 1, Condition.IF_NEWER),
            put("c", 1, Condition.IF_NEWER)),
        limited.within(SECOND));
    succeed(limited.dynamo.asked().get(0));
    succeed(limited.dynamo.asked().get(1));

    assertThat(answer.join().outcomes().get(1)).isEqualTo(new WriteOutcome.Stored(1));
    assertFailed(answer.join().outcomes().get(2), Overloaded.class);
  }

  @Test
  void write_deadlineInTheQueue_wasNotSentAndSaysSo() {
    var limited = new Fixture(OPTIONS.maxConcurrentWrites(1));
    var first =
        limited.backend.write(writes(put("a", 1, Condition.IF_NEWER)), limited.within(SECOND));
    var second = limited.backend.write(
        writes(put("b", 1, Condition.IF_NEWER)), limited.within(Duration.ofMillis(80)));
    limited.time.advance(Duration.ofMillis(75));

    assertFailed(second.join().outcomes().get(0), DeadlineExceeded.class);
    succeed(limited.dynamo.asked().get(0));
    assertThat(first).isDone();
    assertThat(limited.dynamo.asked()).hasSize(1);
  }

  @Test
  void write_cancelled_reachesTheClientAndLeavesTheQueue() {
    var limited = new Fixture(OPTIONS.maxConcurrentWrites(1));
    limited
        .backend
        .write(
            writes(put("a", 1, Condition.IF_NEWER), put("b", 1, Condition.IF_NEWER)),
            limited.within(SECOND))
        .cancel(true);

    assertThat(limited.dynamo.asked()).hasSize(1);
    assertThat(limited.dynamo.last().answer()).isCancelled();
    // The one that tells when what was sent is gone at the latest.
    assertThat(limited.time.pendingTimers()).isOne();

    var next =
        limited.backend.write(writes(put("c", 1, Condition.IF_NEWER)), limited.within(SECOND));
    succeed(limited.dynamo.last());
    assertThat(next.join().outcomes()).containsExactly(new WriteOutcome.Stored(1));
  }

  @Test
  void write_bulkCancelled_reachesTheClientAndGivesItsTurnBack() {
    var limited = new Fixture(OPTIONS.maxConcurrentWrites(1));
    limited
        .backend
        .write(
            writes(put("a", 1, Condition.ALWAYS), put("b", 1, Condition.ALWAYS)),
            limited.within(SECOND))
        .cancel(true);
    assertThat(limited.dynamo.last().answer()).isCancelled();

    var next =
        limited.backend.write(writes(put("c", 1, Condition.IF_NEWER)), limited.within(SECOND));
    assertThat(limited.dynamo.asked()).hasSize(2);
    succeed(limited.dynamo.last());
    assertThat(next.join().outcomes()).containsExactly(new WriteOutcome.Stored(1));
    assertThat(limited.time.pendingTimers()).isOne();
  }

  @Test
  void write_badMutationsAmongOthers_failAlone() {
    var answer = fixture.backend.write(
        writes(
            put("a", 1, Condition.IF_NEWER),
            put("", 1, Condition.IF_NEWER),
            new Mutation.Put("c", EncodedEntry.plain(new byte[400 * 1024]), Condition.ALWAYS),
            new Mutation.Forget("d", Duration.ZERO)),
        fixture.within(SECOND));
    fixture.dynamo.asked().forEach(WritesTest::succeed);

    assertThat(fixture.dynamo.asked()).hasSize(1);
    assertThat(answer.join().outcomes().get(0)).isEqualTo(new WriteOutcome.Stored(1));
    answer
        .join()
        .outcomes()
        .subList(1, 4)
        .forEach(outcome -> assertFailed(outcome, InvalidRequest.class));
  }

  @Test
  void write_moreMutationsThanDeclared_isRefused() {
    var mutations = IntStream.range(0, 26)
        .mapToObj(i -> put("key" + i, 1, Condition.IF_NEWER))
        .toList();
    var answer = fixture.backend.write(
        new WriteRequest(Fixture.KEYSPACE, mutations), fixture.within(SECOND));

    answer.join().outcomes().forEach(outcome -> assertFailed(outcome, InvalidRequest.class));
    assertThat(fixture.dynamo.asked()).isEmpty();
  }

  @Test
  void close_duringWrites_tellsTheSentFromTheUnsent() {
    var limited = new Fixture(OPTIONS.maxConcurrentWrites(1));
    var answer = limited.backend.write(
        writes(put("a", 1, Condition.IF_NEWER), put("b", 1, Condition.IF_NEWER)),
        limited.within(SECOND));
    limited.backend.close();

    assertFailed(answer.join().outcomes().get(0), OutcomeUnknown.class);
    assertFailed(answer.join().outcomes().get(1), Unavailable.class);
    assertThat(limited.dynamo.asked()).hasSize(1);
  }

  @Test
  void close_betweenTwoRounds_endsWhatIsLeftAsNotApplied() {
    var answer = fixture.backend.write(
        writes(put("a", 1, Condition.ALWAYS), put("b", 2, Condition.ALWAYS)),
        fixture.within(SECOND));
    answerBulk("b");
    fixture.backend.close();

    assertThat(answer).isCompleted();
    assertThat(answer.join().outcomes().get(0)).isEqualTo(new WriteOutcome.Stored(1));
    assertFailed(answer.join().outcomes().get(1), Unavailable.class);
    assertThat(fixture.time.pendingTimers()).isZero();
    assertThat(fixture.dynamo.asked()).hasSize(1);
  }

  private List<String> keysSent() {
    return Fixture.names(fixture.dynamo.last().batchWrite().requestItems().get(TABLE).stream()
        .map(write -> write.putRequest().item())
        .toList());
  }

  private void answerBulk(String... unprocessed) {
    var response = BatchWriteItemResponse.builder();
    if (unprocessed.length > 0) {
      var sent = fixture.dynamo.last().batchWrite().requestItems().get(TABLE);
      var left = Stream.of(unprocessed)
          .flatMap(key -> sent.stream()
              .filter(write -> write.putRequest().item().get("key").equals(Fixture.keyValue(key))))
          .toList();
      response.unprocessedItems(Map.of(TABLE, left));
    }
    fixture.dynamo.last().answer().complete(response.build());
  }

  private static void succeed(ScriptedDynamo.Asked asked) {
    asked
        .answer()
        .complete(
            asked.request() instanceof PutItemRequest
                ? PutItemResponse.builder().build()
                : BatchWriteItemResponse.builder().build());
  }

  private void refuse(Map<String, AttributeValue> stored) {
    fixture
        .dynamo
        .last()
        .answer()
        .completeExceptionally(
            ConditionalCheckFailedException.builder().item(stored).build());
  }

  private static String keyPut(ScriptedDynamo.Asked asked) {
    return ((PutItemRequest) asked.request()).item().get("key").s();
  }

  private static void assertFailed(WriteOutcome outcome, Class<? extends ServingException> type) {
    assertThat(outcome).isInstanceOf(WriteOutcome.Failed.class);
    assertThat(((WriteOutcome.Failed) outcome).cause()).isExactlyInstanceOf(type);
  }
}
