package dev.tiercel.dynamo;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.Unavailable;
import dev.tiercel.testing.FakeTime;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.SystemTime;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.regions.Region;

/** Providers that take their time. A caller that is blocked by one never gets to let it go on. */
@Timeout(60)
class CredentialsTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(300);

  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  private final SystemTime systemTime = new SystemTime("credentials-test");
  private final FakeTime time = new FakeTime();
  private final Gate provider = new Gate();

  @BeforeEach
  void serve() {
    SERVER.stubFor(post(anyUrl()).willReturn(aResponse().withStatus(200).withBody("{}")));
  }

  @AfterEach
  void close() {
    systemTime.close();
  }

  @Test
  void call_providerTakesItsTime_returnsAtOnceAndSucceedsWithItsAnswer() {
    try (var backend = backend(options())) {
      var read = read(backend, LONG);
      var write =
          backend.write(Fixture.writes(Fixture.put("a", 1, Condition.IF_NEWER)), within(LONG));
      assertThat(read).isNotDone();
      assertThat(write).isNotDone();
      provider.answer(() -> credentials("first"));

      assertThat(read.join().outcomes()).singleElement().isInstanceOf(ReadOutcome.Absent.class);
      assertThat(write.join().outcomes()).containsExactly(new WriteOutcome.Stored(1));
      assertThat(provider.askers).hasSize(1);
    }
  }

  @Test
  void call_providerHangs_endsByTheDeadlineAndWasNotSent() {
    try (var backend = backend(options())) {
      var read = read(backend, SHORT);
      var write =
          backend.write(Fixture.writes(Fixture.put("a", 1, Condition.IF_NEWER)), within(SHORT));

      assertThat(cause(read)).isExactlyInstanceOf(DeadlineExceeded.class);
      assertThat(((WriteOutcome.Failed) write.join().outcomes().get(0)).cause())
          .isExactlyInstanceOf(DeadlineExceeded.class);
      SERVER.verify(0, postRequestedFor(anyUrl()));
    }
  }

  @Test
  void call_cancelledWhileItWaits_isNotSent() {
    try (var backend = backend(options())) {
      read(backend, LONG).cancel(true);
      var next = read(backend, LONG);
      provider.answer(() -> credentials("first"));

      assertThat(next.join().outcomes()).singleElement().isInstanceOf(ReadOutcome.Absent.class);
      SERVER.verify(1, postRequestedFor(anyUrl()));
    }
  }

  @Test
  void call_moreWaitThanMay_isRefusedAtOnce() {
    try (var backend = backend(options().maxPendingConnections(2))) {
      var waiting = IntStream.range(0, 2).mapToObj(i -> read(backend, LONG)).toList();

      assertThat(cause(read(backend, LONG))).isExactlyInstanceOf(Overloaded.class);
      provider.answer(() -> credentials("first"));
      waiting.forEach(CompletableFuture::join);
    }
  }

  @Test
  void close_whileTheProviderHangs_endsCallsAsUnsentAndItsThread() throws InterruptedException {
    var backend = backend(options());
    var read = read(backend, LONG);
    var write =
        backend.write(Fixture.writes(Fixture.put("a", 1, Condition.IF_NEWER)), within(LONG));
    var table = backend.createTable();
    provider.entered.await();
    backend.close();

    assertThat(cause(read)).isExactlyInstanceOf(Unavailable.class);
    assertThat(((WriteOutcome.Failed) write.join().outcomes().get(0)).cause())
        .isExactlyInstanceOf(Unavailable.class);
    assertThatThrownBy(table::join).hasCauseInstanceOf(Unavailable.class);
    provider.askers.get(0).join(5_000);
    assertThat(provider.askers.get(0).isAlive()).isFalse();
  }

  @Test
  void ready_neverAsksOnTheCallersThread_alsoNotForARenewal() {
    try (var credentials = Credentials.of(options(), time)) {
      provider.answer(() -> credentials("first"));
      credentials.ready().join();
      time.advance(Credentials.FRESH);
      assertThat(credentials.ready()).isCompleted();
      assertThat(accessKey(credentials)).isEqualTo("first");
      provider.answer(() -> credentials("second"));
      time.advance(Credentials.RELIABLE);
      // Waits for the renewal, or for another after it.
      provider.answer(() -> credentials("second"));
      credentials.ready().join();

      assertThat(accessKey(credentials)).isEqualTo("second");
      assertThat(provider.askers).doesNotContain(Thread.currentThread()).hasSizeGreaterThan(1);
    }
  }

  @Test
  void ready_freshCredentials_asksNobody() {
    try (var credentials = Credentials.of(options(), time)) {
      provider.answer(() -> credentials("first"));
      credentials.ready().join();
      time.advance(Credentials.FRESH.minusNanos(1));

      assertThat(credentials.ready()).isCompleted();
      assertThat(credentials.resolveCredentials()).isSameAs(credentials.resolveCredentials());
      assertThat(provider.askers).hasSize(1);
    }
  }

  @Test
  void ready_credentialsThatHaveEnded_areWaitedFor() {
    try (var credentials = Credentials.of(options(), time)) {
      provider.answer(() -> ending("first", Duration.ofMinutes(1)));
      credentials.ready().join();
      time.advance(Duration.ofSeconds(59));
      assertThat(credentials.ready()).isCompleted();
      time.advance(Duration.ofSeconds(1));
      assertThat(credentials.ready()).isNotDone();
      provider.answer(() -> ending("second", Duration.ofMinutes(1)));
      credentials.ready().join();

      assertThat(accessKey(credentials)).isEqualTo("second");
    }
  }

  @Test
  void ready_credentialsThatWereRefused_areWaitedForUnlessJustLookedUp() {
    try (var credentials = Credentials.of(options(), time)) {
      provider.answer(() -> ending("first", Duration.ofMinutes(1)));
      credentials.ready().join();
      credentials.refused();
      assertThat(credentials.ready()).isCompleted();
      time.advance(Credentials.FRESH);
      credentials.refused();
      var ready = credentials.ready();
      assertThat(ready).isNotDone();
      provider.answer(() -> ending("second", Duration.ofMinutes(1)));
      ready.join();

      assertThat(accessKey(credentials)).isEqualTo("second");
      assertThat(credentials.ready()).isCompleted();
    }
  }

  @Test
  void answer_credentialsExpired_tellsTheCredentials() {
    SERVER.stubFor(post(anyUrl())
        .willReturn(aResponse()
            .withStatus(400)
            .withBody("{\"__type\":\"com.amazon.coral.service#ExpiredTokenException\"}")));
    var options = options();
    provider.answer(() -> ending("first", Duration.ofMinutes(1)));
    try (var client = OwnClient.open(options, time);
        var backend = new DynamoBackend(
            client.dynamo(),
            client.credentials()::ready,
            options,
            DynamoTable.managed(Fixture.TABLE),
            systemTime,
            Backoff.defaults(() -> 0),
            () -> {})) {
      client.credentials().ready().join();
      time.advance(Duration.ofSeconds(2));
      provider.answer(() -> ending("first", Duration.ofMinutes(1)));

      assertThat(cause(read(backend, LONG)))
          .isExactlyInstanceOf(Unavailable.class)
          .hasMessageStartingWith("credentials: refused by DynamoDB, ExpiredTokenException");
    }
  }

  @Test
  void ready_renewalFails_keepsWhatIsValid() {
    try (var credentials = Credentials.of(options(), time)) {
      provider.answer(() -> ending("first", Duration.ofMinutes(1)));
      credentials.ready().join();
      time.advance(Duration.ofSeconds(59));
      assertThat(credentials.ready()).isCompleted();
      provider.answer(() -> {
        throw new IllegalStateException("down");
      });
      assertThat(credentials.ready()).isCompleted();
      assertThat(accessKey(credentials)).isEqualTo("first");
    }
  }

  @Test
  void ready_staticCredentials_needNoThread() {
    var before = Thread.getAllStackTraces().keySet();
    try (var credentials = Credentials.of(options().credentials(LocalDynamo.CREDENTIALS), time)) {
      assertThat(credentials.ready()).isCompleted();
      assertThat(accessKey(credentials)).isEqualTo("testaccess");
      assertThat(Thread.getAllStackTraces().keySet())
          .filteredOn(thread -> !before.contains(thread))
          .noneMatch(thread -> thread.getName().endsWith("-credentials"));
    }
  }

  private DynamoOptions options() {
    return DynamoOptions.of(Region.EU_CENTRAL_1)
        .endpoint(URI.create(SERVER.baseUrl()))
        .credentials(provider);
  }

  private DynamoBackend backend(DynamoOptions options) {
    return DynamoBackend.create(options, DynamoTable.managed(Fixture.TABLE), systemTime);
  }

  private CallContext within(Duration timeout) {
    return CallContext.of(Deadline.after(timeout, systemTime));
  }

  private CompletableFuture<ReadResult> read(DynamoBackend backend, Duration timeout) {
    return backend.read(ReadRequest.of("users", List.of("a")), within(timeout));
  }

  private static Throwable cause(CompletableFuture<ReadResult> read) {
    return ((ReadOutcome.Failed) read.join().outcomes().get(0)).cause();
  }

  private static AwsCredentials credentials(String accessKey) {
    return AwsBasicCredentials.create(accessKey, "secret");
  }

  private AwsCredentials ending(String accessKey, Duration after) {
    return AwsSessionCredentials.builder()
        .accessKeyId(accessKey)
        .secretAccessKey("secret")
        .sessionToken("token")
        .expirationTime(Instant.ofEpochMilli(time.millis()).plus(after))
        .build();
  }

  private static String accessKey(Credentials credentials) {
    return credentials.resolveCredentials().accessKeyId();
  }

  /**
   * Answers one question with each answer it is given, and blocks whoever asks until it is given
   * one.
   */
  private static final class Gate implements AwsCredentialsProvider {

    private final List<Thread> askers = new CopyOnWriteArrayList<>();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final LinkedBlockingQueue<Supplier<AwsCredentials>> answers =
        new LinkedBlockingQueue<>();

    private void answer(Supplier<AwsCredentials> answer) {
      answers.add(answer);
    }

    @Override
    public AwsCredentials resolveCredentials() {
      askers.add(Thread.currentThread());
      entered.countDown();
      try {
        return answers.take().get();
      } catch (InterruptedException interrupted) {
        // Whoever was interrupted, a test that hangs included, is not to hang again.
        answers.add(() -> {
          throw new IllegalStateException("interrupted before");
        });
        throw new IllegalStateException("interrupted", interrupted);
      }
    }
  }
}
