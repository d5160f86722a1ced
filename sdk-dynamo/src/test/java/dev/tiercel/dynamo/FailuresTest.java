package dev.tiercel.dynamo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.InvalidRequest;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Throttled;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

class FailuresTest {

  private static final Where HERE = Where.at("dynamodb", "eu-central-1");

  static Stream<Arguments> answers() {
    return Stream.of(
        arguments("ProvisionedThroughputExceededException", 400, Throttled.class, Throttled.class),
        arguments("ThrottlingException", 400, Throttled.class, Throttled.class),
        arguments("RequestLimitExceeded", 400, Throttled.class, Throttled.class),
        arguments("TransactionConflictException", 400, Throttled.class, Throttled.class),
        arguments("TransactionInProgressException", 400, Throttled.class, Throttled.class),
        arguments("ReplicatedWriteConflictException", 400, Throttled.class, Throttled.class),
        arguments("ValidationException", 400, InvalidRequest.class, InvalidRequest.class),
        arguments("SerializationException", 400, InvalidRequest.class, InvalidRequest.class),
        arguments(
            "ItemCollectionSizeLimitExceededException",
            400,
            InvalidRequest.class,
            InvalidRequest.class),
        arguments("", 413, InvalidRequest.class, InvalidRequest.class),
        arguments("ResourceNotFoundException", 400, Unavailable.class, Unavailable.class),
        arguments("AccessDeniedException", 400, Unavailable.class, Unavailable.class),
        arguments("ExpiredTokenException", 400, Unavailable.class, Unavailable.class),
        arguments("UnrecognizedClientException", 400, Unavailable.class, Unavailable.class),
        arguments("InvalidSignatureException", 400, Unavailable.class, Unavailable.class),
        arguments("", 403, Unavailable.class, Unavailable.class),
        arguments("", 408, Unavailable.class, OutcomeUnknown.class),
        arguments("InternalServerError", 500, Unavailable.class, OutcomeUnknown.class),
        arguments("ServiceUnavailable", 503, Unavailable.class, OutcomeUnknown.class),
        arguments("", 502, Unavailable.class, OutcomeUnknown.class));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void answer_ofDynamoDb_isTold(
      String code,
      int status,
      Class<? extends ServingException> read,
      Class<? extends ServingException> write) {
    var answer = DynamoDbException.builder()
        .statusCode(status)
        .requestId("R1")
        .message("key secret-key")
        .awsErrorDetails(AwsErrorDetails.builder()
            .errorCode(code.isEmpty() ? null : code)
            .errorMessage("secret-key")
            .build())
        .build();

    for (var told :
        new ServingException[] {Failures.ofRead(answer, HERE), Failures.ofWrite(answer, HERE)}) {
      assertThat(told)
          .hasMessageContaining(code)
          .hasMessageContaining("R1")
          .hasMessageContaining("" + status);
      assertThat(told.getMessage()).doesNotContain("secret");
      assertThat(told.getCause()).isNull();
      assertThat(told.where()).isEqualTo(HERE);
    }
    assertThat(Failures.ofRead(answer, HERE)).isExactlyInstanceOf(read);
    assertThat(Failures.ofWrite(answer, HERE)).isExactlyInstanceOf(write);
  }

  static Stream<Arguments> silences() {
    return Stream.of(
        arguments(ApiCallTimeoutException.create(5), DeadlineExceeded.class, OutcomeUnknown.class),
        arguments(
            ApiCallAttemptTimeoutException.create(5), DeadlineExceeded.class, OutcomeUnknown.class),
        arguments(client(new ConnectException("refused")), Unavailable.class, Unavailable.class),
        arguments(
            client(new UnknownHostException("nowhere")), Unavailable.class, Unavailable.class),
        arguments(client(acquireTimeout()), Unavailable.class, Unavailable.class),
        arguments(client(poolFull()), Overloaded.class, Overloaded.class),
        arguments(
            SdkClientException.create("Unable to load credentials from any"),
            Unavailable.class,
            Unavailable.class),
        arguments(
            client(new IOException("connection reset")), Unavailable.class, OutcomeUnknown.class),
        arguments(
            client(new UncheckedIOException(new IOException())),
            Unavailable.class,
            OutcomeUnknown.class),
        arguments(
            SdkClientException.create("unreadable response"),
            Unavailable.class,
            OutcomeUnknown.class),
        arguments(new IllegalStateException("anything"), Unavailable.class, OutcomeUnknown.class));
  }

  @ParameterizedTest
  @MethodSource("silences")
  void noAnswer_isTold(
      Throwable failure,
      Class<? extends ServingException> read,
      Class<? extends ServingException> write) {
    var wrapped = new CompletionException(failure);

    assertThat(Failures.ofRead(failure, HERE)).isExactlyInstanceOf(read);
    assertThat(Failures.ofWrite(failure, HERE)).isExactlyInstanceOf(write);
    assertThat(Failures.ofWrite(wrapped, HERE)).isExactlyInstanceOf(write);
  }

  @Test
  void noAnswer_networkCause_isKeptAndAParsersIsNot() {
    var reset = new IOException("connection reset");
    var parser = new UncheckedIOException(new IOException("unexpected token secret"));

    assertThat(Failures.ofRead(client(reset), HERE)).hasCause(reset);
    assertThat(Failures.ofRead(SdkClientException.create("token secret"), HERE)).hasNoCause();
    assertThat(Failures.ofRead(client(parser), HERE).getMessage()).doesNotContain("secret");
  }

  @Test
  void write_timeOut_isTheCause() {
    assertThat(Failures.ofWrite(ApiCallTimeoutException.create(5), HERE))
        .isExactlyInstanceOf(OutcomeUnknown.class)
        .hasCauseExactlyInstanceOf(DeadlineExceeded.class);
    assertThat(
            Failures.ofWrite(client(new IOException("connection reset")), HERE).getCause())
        .isNotInstanceOf(DeadlineExceeded.class);
  }

  @Test
  void servingException_passesAsItIs() {
    var own = new Unavailable("backend: closed (expected: open)", HERE, null);

    assertThat(Failures.ofWrite(new CompletionException(own), HERE)).isSameAs(own);
  }

  private static SdkClientException client(Throwable cause) {
    return SdkClientException.create("Unable to execute HTTP request", cause);
  }

  private static Throwable acquireTimeout() {
    return new Throwable(
        "Acquire operation took longer than the configured maximum time. ...",
        new TimeoutException("Acquire operation took longer than 1000 milliseconds"));
  }

  private static Throwable poolFull() {
    return new Throwable(
        "Maximum pending connection acquisitions exceeded. ...",
        new IllegalStateException("Too many outstanding acquire operations"));
  }
}
