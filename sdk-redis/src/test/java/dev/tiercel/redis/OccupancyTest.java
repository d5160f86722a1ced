package dev.tiercel.redis;

import static dev.tiercel.redis.Calls.await;
import static dev.tiercel.redis.Calls.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.Occupancy;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A call that was cancelled is counted until Redis is done with it. */
class OccupancyTest {

  private static final String ANSWER = "*2\r\n$-1\r\n$-1\r\n";
  private static final String STORED = "*1\r\n$6\r\nstored\r\n";

  private final Map<String, String> replies = new ConcurrentHashMap<>();
  private final FakeRedis redis =
      new FakeRedis(name -> replies.getOrDefault(name, FakeRedis.SILENCE));
  private final FakeTime time = new FakeTime();
  // The clock stands still, so it would try to connect once only.
  private final RedisBackend backend = RedisBackend.connect(
      RedisOptions.of(redis.uri()).connectTimeout(Duration.ofSeconds(20)), time);
  private final List<CompletableFuture<?>> ends = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() throws IOException {
    backend.close();
    redis.close();
  }

  @Test
  void answered_namesNothing() {
    replies.put("MGET", ANSWER);
    replies.put("EVALSHA", STORED);

    Calls.end(read(Duration.ZERO));
    Calls.end(backend.write(put(), context(ends::add)));

    assertThat(ends).isEmpty();
  }

  @Test
  void cancelledRead_isCountedUntilItsAnswer() {
    cancelSent(read(Duration.ZERO), 1);
    assertThat(ends).hasSize(1).noneMatch(CompletableFuture::isDone);

    redis.push(ANSWER);

    await("the end", ends.get(0)::isDone);
  }

  @Test
  void cancelledRead_namesWhatItLeavesBeforeItEnds() {
    var named = new CompletableFuture<Boolean>();
    var call = new CompletableFuture<CompletableFuture<ReadResult>>();
    var read = backend.read(
        ReadRequest.of("occupancy", List.of("key")),
        context(end -> named.complete(call.join().isDone())));
    call.complete(read);

    cancelSent(read, 1);

    assertThat(named).isCompletedWithValue(false);
  }

  @Test
  void cancelledWrite_isCountedUntilItsAnswer() {
    cancelSent(backend.write(put(), context(ends::add)), 1);
    assertThat(ends).hasSize(1).noneMatch(CompletableFuture::isDone);

    redis.push(STORED);

    await("the end", ends.get(0)::isDone);
  }

  @Test
  void cancelledInItsSecondRound_isCountedUntilEachOfItsCommandsIsAnswered() {
    replies.put("MGET", "*3\r\n$-1\r\n$-1\r\n$-1\r\n");
    var read = backend.read(
        ReadRequest.of("occupancy", List.of("a", "b")).withLease(Duration.ofSeconds(1)),
        context(ends::add));
    cancelSent(read, 3);
    assertThat(ends).hasSize(1);

    redis.push(STORED);
    assertThat(ends.get(0)).isNotDone();
    redis.push(STORED);

    await("the end", ends.get(0)::isDone);
  }

  @Test
  void connectionLost_ends() throws IOException {
    cancelSent(read(Duration.ZERO), 1);

    redis.close();

    await("the end", ends.get(0)::isDone);
  }

  @Test
  void connectionReplaced_ends() {
    cancelSent(read(Duration.ZERO), 1);

    time.advance(Duration.ofSeconds(2).plusNanos(1));
    var next = read(Duration.ZERO);

    await("the end", ends.get(0)::isDone);
    next.cancel(true);
  }

  @Test
  void closed_ends() {
    cancelSent(read(Duration.ZERO), 1);

    backend.close();

    await("the end", ends.get(0)::isDone);
  }

  @Test
  void cancelledWhileConnecting_leavesNothing() throws IOException {
    var silent = new FakeRedis(name -> FakeRedis.SILENCE);
    silent.close();
    try (var other = RedisBackend.connect(RedisOptions.of(silent.uri()), time)) {
      var read = other.read(ReadRequest.of("occupancy", List.of("key")), context(ends::add));
      read.cancel(true);

      assertThat(ends).isEmpty();
    }
  }

  private CompletableFuture<ReadResult> read(Duration lease) {
    return backend.read(
        ReadRequest.of("occupancy", List.of("key")).withLease(lease), context(ends::add));
  }

  private static WriteRequest put() {
    return new WriteRequest(
        "occupancy", List.of(new Mutation.Put("key", value("value", 1), Condition.ALWAYS)));
  }

  private CallContext context(Occupancy occupancy) {
    return CallContext.of(Deadline.after(Duration.ofHours(1), time)).occupying(occupancy);
  }

  private void cancelSent(CompletableFuture<?> call, int commands) {
    await("the commands", () -> redis.received().size() == commands);
    assertThat(call.cancel(true)).isTrue();
  }
}
