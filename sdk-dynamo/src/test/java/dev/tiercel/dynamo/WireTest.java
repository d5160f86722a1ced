package dev.tiercel.dynamo;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.extension.Parameters;
import com.github.tomakehurst.wiremock.extension.ServeEventListener;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Throttled;
import dev.tiercel.error.Unavailable;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.SystemTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.regions.Region;

/** The real client against a server that misbehaves. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WireTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final String FOUND =
      "{\"Item\":{\"value\":{\"B\":\"AQ==\"},\"version\":{\"N\":\"1\"}}}";

  private static final Slow SLOW = new Slow();

  @RegisterExtension
  static final WireMockExtension SERVER = WireMockExtension.newInstance()
      .options(wireMockConfig().dynamicPort().extensions(SLOW))
      .build();

  private final SystemTime time = new SystemTime("wire-test");
  /** One for all tests: closing takes its time. */
  @SuppressWarnings("NullAway.Init")
  private DynamoBackend backend;

  @BeforeAll
  void open() {
    backend = backend(options(URI.create(SERVER.baseUrl())).connectTimeout(LONG));
    // The first call of all loads what it needs, which may take longer than a test wants to wait.
    backend.read(ReadRequest.of("users", List.of("a")), within(LONG)).join();
  }

  @AfterAll
  void close() {
    backend.close();
    time.close();
  }

  static Stream<Arguments> answers() {
    return Stream.of(
        arguments(
            "throttled",
            error(400, "ProvisionedThroughputExceededException"),
            Throttled.class,
            Throttled.class),
        arguments("rate", error(400, "ThrottlingException"), Throttled.class, Throttled.class),
        arguments("requests", error(400, "RequestLimitExceeded"), Throttled.class, Throttled.class),
        arguments(
            "transaction",
            error(400, "TransactionConflictException"),
            Throttled.class,
            Throttled.class),
        arguments(
            "transaction goes on",
            error(400, "TransactionInProgressException"),
            Throttled.class,
            Throttled.class),
        arguments(
            "broken", error(500, "InternalServerError"), Unavailable.class, OutcomeUnknown.class),
        arguments(
            "down", error(503, "ServiceUnavailable"), Unavailable.class, OutcomeUnknown.class),
        arguments(
            "expired", error(400, "ExpiredTokenException"), Unavailable.class, Unavailable.class),
        arguments(
            "unrecognized",
            error(400, "UnrecognizedClientException"),
            Unavailable.class,
            Unavailable.class),
        arguments(
            "denied", error(400, "AccessDeniedException"), Unavailable.class, Unavailable.class),
        arguments(
            "proxy",
            aResponse().withStatus(502).withBody("<html>secret</html>"),
            Unavailable.class,
            OutcomeUnknown.class),
        arguments("malformed", ok("{\"Item\": secret"), Unavailable.class, OutcomeUnknown.class),
        arguments(
            "other type",
            ok("{\"Item\": [\"secret\"], \"Attributes\": [\"secret\"]}"),
            Unavailable.class,
            OutcomeUnknown.class),
        arguments("truncated", ok(FOUND.substring(0, 20)), Unavailable.class, OutcomeUnknown.class),
        arguments(
            "checksum",
            ok("{}").withHeader("x-amz-crc32", "1"),
            Unavailable.class,
            OutcomeUnknown.class),
        arguments("no body", aResponse().withStatus(200), Unavailable.class, OutcomeUnknown.class),
        arguments(
            "reset",
            aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
            Unavailable.class,
            OutcomeUnknown.class),
        arguments(
            "empty",
            aResponse().withFault(Fault.EMPTY_RESPONSE),
            Unavailable.class,
            OutcomeUnknown.class),
        arguments(
            "garbage",
            aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE),
            Unavailable.class,
            OutcomeUnknown.class),
        arguments(
            "cut",
            aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK),
            Unavailable.class,
            OutcomeUnknown.class));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answers")
  void answer_failsTypedAfterOneRequest(
      String name,
      ResponseDefinitionBuilder answer,
      Class<? extends ServingException> read,
      Class<? extends ServingException> write) {
    SERVER.stubFor(post(anyUrl()).willReturn(answer));

    assertTold(readOne(backend, LONG), read);
    SERVER.verify(1, postRequestedFor(anyUrl()));
    assertTold(writeOne(backend, LONG), write);
    SERVER.verify(2, postRequestedFor(anyUrl()));
  }

  @Test
  void slow_endsByTheDeadline() {
    SERVER.stubFor(post(anyUrl()).willReturn(ok(FOUND).withFixedDelay((int) LONG.toMillis())));

    assertTold(readOne(backend, SHORT), DeadlineExceeded.class);
    assertTold(writeOne(backend, SHORT), OutcomeUnknown.class);
  }

  @Test
  void slowBody_endsByTheDeadline() {
    SERVER.stubFor(
        post(anyUrl()).willReturn(ok(FOUND).withChunkedDribbleDelay(10, (int) LONG.toMillis())));

    assertTold(readOne(backend, SHORT), DeadlineExceeded.class);
    assertTold(writeOne(backend, SHORT), OutcomeUnknown.class);
  }

  @Test
  void blackHole_endsByTheDeadline() throws IOException {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var lost = backend(options(URI.create("http://127.0.0.1:" + silent.getLocalPort())))) {
      assertTold(readOne(lost, SHORT), DeadlineExceeded.class);
      assertTold(writeOne(lost, SHORT), OutcomeUnknown.class);
    }
  }

  @Test
  void nobodyListens_isUnavailableForWritesToo() throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    try (var refused = backend(options(URI.create("http://127.0.0.1:" + port)))) {
      assertTold(readOne(refused, LONG), Unavailable.class);
      assertTold(writeOne(refused, LONG), Unavailable.class);
    }
  }

  @Test
  void noCredentials_isUnavailableForWritesToo() {
    var options = options(URI.create(SERVER.baseUrl())).credentials(() -> {
      throw software.amazon.awssdk.core.exception.SdkClientException.create(
          "Unable to load credentials from any of the providers");
    });
    try (var anonymous = backend(options)) {
      assertTold(readOne(anonymous, LONG), Unavailable.class);
      assertTold(writeOne(anonymous, LONG), Unavailable.class);
      SERVER.verify(0, postRequestedFor(anyUrl()));
    }
  }

  @Test
  void connectionsAllTaken_oneWaitsInVain_andOneMoreIsRefusedAtOnce() {
    SERVER.stubFor(post(anyUrl()).willReturn(ok(FOUND).withFixedDelay((int) LONG.toMillis())));
    var options = options(URI.create(SERVER.baseUrl()))
        .maxConnections(1)
        .maxPendingConnections(1)
        .connectTimeout(Duration.ofMillis(300));
    try (var narrow = backend(options)) {
      var request = ReadRequest.of("users", List.of("a"));
      var answers = Stream.generate(() -> narrow.read(request, within(Duration.ofSeconds(2))))
          .limit(3)
          .toList();

      // Which of the three gets the connection is the client's affair.
      assertThat(answers.stream()
              .map(answer ->
                  ((ReadOutcome.Failed) answer.join().outcomes().get(0)).cause().getClass()))
          .map(Class::getSimpleName)
          .containsExactlyInAnyOrder("DeadlineExceeded", "Unavailable", "Overloaded");
    }
  }

  @Test
  void unprocessedOnce_isAskedForAgain() {
    var left = "{\"Responses\":{\"tiercel-test\":[" + item("a") + "]},"
        + "\"UnprocessedKeys\":{\"tiercel-test\":{\"Keys\":[{\"key\":{\"S\":\"users:b\"}}],\"ConsistentRead\":true}}}";
    var rest = "{\"Responses\":{\"tiercel-test\":[" + item("b") + "]},\"UnprocessedKeys\":{}}";
    SERVER.stubFor(post(anyUrl())
        .inScenario("twice")
        .whenScenarioStateIs(Scenario.STARTED)
        .willReturn(ok(left))
        .willSetStateTo("again"));
    SERVER.stubFor(
        post(anyUrl()).inScenario("twice").whenScenarioStateIs("again").willReturn(ok(rest)));

    var answer = backend
        .read(ReadRequest.of("users", List.of("a", "b", "c")), within(LONG))
        .join();

    assertThat(answer.outcomes().get(0)).isInstanceOf(ReadOutcome.Found.class);
    assertThat(answer.outcomes().get(1)).isInstanceOf(ReadOutcome.Found.class);
    assertThat(answer.outcomes().get(2)).isInstanceOf(ReadOutcome.Absent.class);
    var requests = SERVER.getAllServeEvents();
    assertThat(requests).hasSize(2);
    assertThat(requests.get(0).getRequest().getBodyAsString())
        .contains("users:b")
        .doesNotContain("users:a", "users:c");
  }

  @Test
  void unprocessedAlways_isThrottledAfterTwoRounds() {
    var left = "{\"Responses\":{\"tiercel-test\":[]},"
        + "\"UnprocessedKeys\":{\"tiercel-test\":{\"Keys\":[{\"key\":{\"S\":\"users:b\"}}]}}}";
    SERVER.stubFor(post(anyUrl()).willReturn(ok(left)));

    var answer =
        backend.read(ReadRequest.of("users", List.of("a", "b")), within(LONG)).join();

    assertThat(answer.outcomes().get(0)).isInstanceOf(ReadOutcome.Absent.class);
    assertTold(((ReadOutcome.Failed) answer.outcomes().get(1)).cause(), Throttled.class);
    SERVER.verify(2, postRequestedFor(anyUrl()));
  }

  @Test
  void refusals_keepTheirConnection() {
    SERVER.stubFor(post(anyUrl()).willReturn(error(400, "ConditionalCheckFailedException")));
    try (var single = backend(options(URI.create(SERVER.baseUrl())).maxConnections(1))) {
      for (var i = 0; i < 100; i++) {
        var request = Fixture.writes(Fixture.put("a", 1, Condition.IF_NEWER));
        assertThat(single.write(request, within(LONG)).join().outcomes())
            .containsExactly(new WriteOutcome.Rejected(0));
      }
    }
  }

  @Test
  void cancel_connectionIsFreeAgainByTheDeadline() throws Exception {
    var received = hangOnSlow();
    try (var single = patientWithOneConnection()) {
      var hanging = single.read(ReadRequest.of("users", List.of("slow")), within(SHORT));
      received.await();
      var next = single.read(ReadRequest.of("users", List.of("a")), within(LONG));
      hanging.cancel(true);

      assertThat(next.join().outcomes()).singleElement().isInstanceOf(ReadOutcome.Found.class);
    }
  }

  static Stream<Arguments> lateAnswers() {
    return Stream.of(
        arguments("found", ok(FOUND)),
        arguments("in pieces", ok(FOUND).withChunkedDribbleDelay(5, 100)),
        arguments("no body", aResponse().withStatus(200)),
        arguments("broken", error(500, "InternalServerError")));
  }

  /** The deadline is far: without a sign of the answer nobody would hear of it in this test. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("lateAnswers")
  void cancel_isCountedUntilTheAnswerHasBeenRead(String name, ResponseDefinitionBuilder answer)
      throws Exception {
    var received = new CountDownLatch(1);
    SERVER.stubFor(post(anyUrl()).willReturn(answer.withFixedDelay(500)));
    SLOW.received = received;
    var named = new AtomicReference<CompletableFuture<?>>();
    var call = backend.read(
        ReadRequest.of("users", List.of("slow")),
        within(Duration.ofMinutes(10)).occupying(named::set));
    received.await();
    assertThat(named.get()).isNotDone();
    call.cancel(true);

    named.get().get();
  }

  @Test
  void cancel_neverAnswered_isCountedUntilTheDeadlineOnly() throws Exception {
    var received = hangOnSlow();
    var named = new AtomicReference<CompletableFuture<?>>();
    var deadline = within(SHORT);
    var call =
        backend.read(ReadRequest.of("users", List.of("slow")), deadline.occupying(named::set));
    received.await();
    call.cancel(true);
    named.get().get();

    assertThat(deadline.deadline().hasPassed()).isTrue();
  }

  @Test
  void cancel_whileWaitingForAConnection_takesNone() throws Exception {
    var received = hangOnSlow();
    try (var single = patientWithOneConnection()) {
      var hanging = single.read(ReadRequest.of("users", List.of("slow")), within(SHORT));
      received.await();
      for (var i = 0; i < 10; i++) {
        single.read(ReadRequest.of("users", List.of("a")), within(SHORT)).cancel(true);
      }
      var next = single.read(ReadRequest.of("users", List.of("a")), within(LONG));
      hanging.cancel(true);

      assertThat(next.join().outcomes()).singleElement().isInstanceOf(ReadOutcome.Found.class);
    }
  }

  /**
   * Waiting for a connection must not end before the call that has it does, however slow the
   * machine.
   */
  private DynamoBackend patientWithOneConnection() {
    return backend(options(URI.create(SERVER.baseUrl())).maxConnections(1).connectTimeout(LONG));
  }

  /**
   * Counts down when the server has received a request for the slow key, which it never answers in
   * time.
   */
  private static CountDownLatch hangOnSlow() {
    var received = new CountDownLatch(1);
    SERVER.stubFor(post(anyUrl()).willReturn(ok(FOUND)));
    SERVER.stubFor(post(anyUrl())
        .withRequestBody(containing("users:slow"))
        .willReturn(ok(FOUND).withFixedDelay((int) LONG.toMillis())));
    SLOW.received = received;
    return received;
  }

  /** Tells when the server has received a request for the slow key, before it delays the answer. */
  private static final class Slow implements ServeEventListener {

    private volatile CountDownLatch received = new CountDownLatch(1);

    @Override
    public String getName() {
      return "slow";
    }

    @Override
    public void afterMatch(ServeEvent event, Parameters parameters) {
      if (event.getRequest().getBodyAsString().contains("users:slow")) {
        received.countDown();
      }
    }
  }

  @Test
  void close_whileACallHangs_endsItAndItsConnection() {
    SERVER.stubFor(post(anyUrl()).willReturn(ok(FOUND).withFixedDelay((int) LONG.toMillis())));
    var own = backend(options(URI.create(SERVER.baseUrl())));
    var read = own.read(ReadRequest.of("users", List.of("a")), within(LONG));
    var write = own.write(Fixture.writes(Fixture.put("a", 1, Condition.IF_NEWER)), within(LONG));
    own.close();

    assertTold(((ReadOutcome.Failed) read.join().outcomes().get(0)).cause(), Unavailable.class);
    assertTold(
        ((WriteOutcome.Failed) write.join().outcomes().get(0)).cause(), OutcomeUnknown.class);
  }

  private ServingException readOne(DynamoBackend target, Duration timeout) {
    var answer =
        target.read(ReadRequest.of("users", List.of("a")), within(timeout)).join();
    assertThat(answer.outcomes()).singleElement().isInstanceOf(ReadOutcome.Failed.class);
    return ((ReadOutcome.Failed) answer.outcomes().get(0)).cause();
  }

  private ServingException writeOne(DynamoBackend target, Duration timeout) {
    var answer = target
        .write(Fixture.writes(Fixture.put("a", 1, Condition.IF_NEWER)), within(timeout))
        .join();
    assertThat(answer.outcomes()).singleElement().isInstanceOf(WriteOutcome.Failed.class);
    return ((WriteOutcome.Failed) answer.outcomes().get(0)).cause();
  }

  private static void assertTold(ServingException failure, Class<? extends ServingException> type) {
    assertThat(failure).isExactlyInstanceOf(type);
    for (Throwable told = failure; told != null; told = told.getCause()) {
      assertThat(String.valueOf(told.getMessage()))
          .doesNotContain("secret", "testaccess", "users:a");
    }
  }

  private CallContext within(Duration timeout) {
    return CallContext.of(Deadline.after(timeout, time));
  }

  private DynamoBackend backend(DynamoOptions options) {
    return DynamoBackend.create(options, DynamoTable.managed(Fixture.TABLE), time);
  }

  private static DynamoOptions options(URI endpoint) {
    return DynamoOptions.of(Region.EU_CENTRAL_1)
        .endpoint(endpoint)
        .credentials(LocalDynamo.CREDENTIALS);
  }

  private static String item(String key) {
    return "{\"key\":{\"S\":\"users:" + key
        + "\"},\"value\":{\"B\":\"AQ==\"},\"version\":{\"N\":\"1\"}}";
  }

  private static ResponseDefinitionBuilder ok(String body) {
    return aResponse()
        .withStatus(200)
        .withHeader("Content-Type", "application/x-amz-json-1.0")
        .withBody(body);
  }

  private static ResponseDefinitionBuilder error(int status, String code) {
    return aResponse()
        .withStatus(status)
        .withHeader("Content-Type", "application/x-amz-json-1.0")
        .withHeader("x-amzn-RequestId", "R1")
        .withBody("{\"__type\":\"com.amazonaws.dynamodb.v20120810#" + code
            + "\",\"message\":\"secret users:a\"}");
  }
}
