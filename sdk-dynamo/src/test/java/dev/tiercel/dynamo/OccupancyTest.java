package dev.tiercel.dynamo;

import static dev.tiercel.dynamo.Fixture.KEYSPACE;
import static dev.tiercel.dynamo.Fixture.put;
import static dev.tiercel.dynamo.Fixture.writes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;

/** A call is counted until what it sent is really gone, and no longer. */
class OccupancyTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Fixture fixture =
      new Fixture(DynamoOptions.of(Region.EU_CENTRAL_1).maxConcurrentWrites(1));

  /** What the call named. */
  private final AtomicReference<CompletableFuture<?>> named = new AtomicReference<>();

  @Test
  void read_answered_isGoneBeforeWhoeverWaitsHearsOfIt() {
    var answer = read("a");
    var goneBefore = answer.thenApply(result -> isGone());
    assertThat(isGone()).isFalse();
    fixture.dynamo.last().answer().complete(GetItemResponse.builder().build());

    assertThat(goneBefore).isCompletedWithValue(true);
  }

  @Test
  void read_failed_isGoneBeforeWhoeverWaitsHearsOfIt() {
    var goneBefore = read("a").thenApply(result -> isGone());
    fixture.dynamo.last().answer().completeExceptionally(new IllegalStateException("lost"));

    assertThat(goneBefore).isCompletedWithValue(true);
  }

  @Test
  void read_cancelled_isCountedUntilItsAnswerHasCome() {
    read("a").cancel(true);
    assertThat(isGone()).isFalse();
    answerArrives();

    assertThat(isGone()).isTrue();
    assertThat(fixture.time.pendingTimers()).isZero();
  }

  @Test
  void read_cancelledAndNeverAnswered_isCountedUntilItsTimeOut() {
    read("a").cancel(true);
    fixture.time.advance(SECOND.minusMillis(1));
    assertThat(isGone()).isFalse();
    fixture.time.advance(Duration.ofMillis(1));

    assertThat(isGone()).isTrue();
  }

  @Test
  void write_cancelled_isCountedUntilItsAnswerHasCome() {
    write("a").cancel(true);
    assertThat(isGone()).isFalse();
    answerArrives();

    assertThat(isGone()).isTrue();
  }

  @Test
  void write_cancelledWithOthersWaiting_isCountedForWhatWasSentOnly() {
    write("a", "b").cancel(true);
    assertThat(fixture.dynamo.asked()).hasSize(1);
    assertThat(isGone()).isFalse();
    answerArrives();

    assertThat(isGone()).isTrue();
  }

  @Test
  void write_cancelledWhileItWaitsForItsTurn_isGoneAtOnce() {
    var first = write("a");
    write("b").cancel(true);
    assertThat(isGone()).isTrue();

    fixture.dynamo.last().answer().complete(PutItemResponse.builder().build());
    assertThat(first).isDone();
    assertThat(fixture.dynamo.asked()).hasSize(1);
  }

  @Test
  void read_cancelledBetweenTwoRounds_isGoneAtOnce() {
    var answer = read("a", "b");
    var keys = fixture.dynamo.last().batchGet().requestItems();
    var left = keys.get(Fixture.TABLE).toBuilder().keys(Fixture.keys("b")).build();
    fixture
        .dynamo
        .last()
        .answer()
        .complete(BatchGetItemResponse.builder()
            .unprocessedKeys(Map.of(Fixture.TABLE, left))
            .build());
    assertThat(isGone()).isFalse();
    answer.cancel(true);

    assertThat(isGone()).isTrue();
    assertThat(fixture.time.pendingTimers()).isZero();
  }

  @Test
  void close_afterACancel_countsNothingAnyMore() {
    read("a").cancel(true);
    fixture.backend.close();

    assertThat(isGone()).isTrue();
    assertThat(fixture.time.pendingTimers()).isZero();
  }

  @Test
  void stay_thatIsOver_letsNothingMoreIn() {
    var stays = new AtomicReference<Stay>();
    var answer = Stay.during(named::set, stay -> {
      stays.set(stay);
      return new CompletableFuture<Boolean>();
    });
    assertThat(stays.get().enter()).isTrue();
    answer.cancel(true);
    assertThat(isGone()).isFalse();
    assertThat(stays.get().enter()).isTrue();
    stays.get().leave();
    stays.get().leave();

    assertThat(isGone()).isTrue();
    assertThat(stays.get().enter()).isFalse();
  }

  private CompletableFuture<ReadResult> read(String... keys) {
    return fixture.backend.read(ReadRequest.of(KEYSPACE, List.of(keys)), counted());
  }

  private CompletableFuture<WriteResult> write(String... keys) {
    var mutations =
        List.of(keys).stream().map(key -> put(key, 1, Condition.IF_NEWER)).toArray(Mutation[]::new);
    return fixture.backend.write(writes(mutations), counted());
  }

  private CallContext counted() {
    return fixture.within(SECOND).occupying(named::set);
  }

  private boolean isGone() {
    return named.get().isDone();
  }

  /** As the interceptor tells of an answer nobody waits for. */
  private void answerArrives() {
    Answered.in(fixture
        .dynamo
        .last()
        .request()
        .overrideConfiguration()
        .orElseThrow()
        .executionAttributes());
  }
}
