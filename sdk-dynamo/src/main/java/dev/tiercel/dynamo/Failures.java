package dev.tiercel.dynamo;

import dev.tiercel.backend.Completions;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.InvalidRequest;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Throttled;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;

/**
 * What DynamoDB and the SDK say, in Tiercel's words. The reasons are in
 * {@code docs/decisions/006-dynamodb.md}.
 *
 * <p>What DynamoDB or a parser says may quote keys, values or signatures: of those only the error
 * code, the status and the request's id go on. Exceptions about the network are kept as causes.
 */
final class Failures {

  /** The request can never succeed. */
  private static final Set<String> INVALID = Set.of(
      "ValidationException", "SerializationException", "ItemCollectionSizeLimitExceededException");

  /** Somebody else is changing the item just now: nothing was done, and a pause helps. */
  private static final Set<String> BUSY = Set.of(
      "TransactionConflictException",
      "TransactionInProgressException",
      "ReplicatedWriteConflictException");

  /** The credentials are at fault: others may be valid. */
  private static final Set<String> CREDENTIALS = Set.of(
      "ExpiredTokenException",
      "ExpiredToken",
      "UnrecognizedClientException",
      "InvalidSignatureException",
      "MissingAuthenticationTokenException",
      "IncompleteSignatureException");

  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_LARGE = 413;

  private Failures() {}

  /** Why a read failed. */
  static ServingException ofRead(Throwable failure, Where where) {
    return of(failure, where, false);
  }

  /** Why a write failed: {@link OutcomeUnknown} unless it certainly was not applied. */
  static ServingException ofWrite(Throwable failure, Where where) {
    return of(failure, where, true);
  }

  /**
   * Why a request could not be signed, and so was not sent. What a provider says may hold more than
   * is ours to show.
   */
  static Unavailable ofCredentials(Throwable failure, Where where) {
    return new Unavailable(
        "credentials: none, " + named(failure) + " (expected: some)", where, networkCause(failure));
  }

  private static ServingException of(Throwable wrapped, Where where, boolean write) {
    var failure = Completions.cause(wrapped);
    if (failure instanceof ServingException told) {
      return told;
    }
    if (failure instanceof AwsServiceException answer) {
      return of(answer, where, write);
    }
    if (failure instanceof ApiCallTimeoutException
        || failure instanceof ApiCallAttemptTimeoutException) {
      var late = new DeadlineExceeded("deadline: passed before DynamoDB answered", where, null);
      // The cause tells whoever guards the endpoint, and whoever would ask again, that it was time.
      return write ? new OutcomeUnknown(late.what(), where, late) : late;
    }
    var what = "DynamoDB: no answer, " + named(failure) + " (expected: one)";
    var cause = networkCause(failure);
    if (isPoolFull(failure)) {
      return new Overloaded(
          "calls waiting for a connection: too many (expected: fewer)", where, cause);
    }
    return write && !isCertainlyUnsent(failure)
        ? new OutcomeUnknown(what, where, cause)
        : new Unavailable(what, where, cause);
  }

  /** Whether DynamoDB refused a request for the credentials it was signed with. */
  static boolean isOfCredentials(Throwable failure) {
    return failure instanceof AwsServiceException answer && CREDENTIALS.contains(code(answer));
  }

  private static String code(AwsServiceException answer) {
    var details = answer.awsErrorDetails();
    return details == null || details.errorCode() == null ? "" : details.errorCode();
  }

  private static ServingException of(AwsServiceException answer, Where where, boolean write) {
    var code = code(answer);
    var status = answer.statusCode();
    if (CREDENTIALS.contains(code)) {
      return new Unavailable(
          "credentials: refused by DynamoDB, " + code + ", status " + status + ", request "
              + answer.requestId() + " (expected: valid ones)",
          where,
          null);
    }
    var what = "DynamoDB: "
        + (code.isEmpty() ? "an error without a code" : code)
        + ", status "
        + status
        + ", request "
        + answer.requestId()
        + " (expected: success)";
    if (answer.isThrottlingException() || BUSY.contains(code)) {
      return new Throttled(what, where, null);
    }
    if (INVALID.contains(code) || status == TOO_LARGE) {
      return new InvalidRequest(what, where, null);
    }
    // Refusals, of credentials, rights or the table's name, say nothing about the request: another
    // region or a later
    // attempt may serve it. What breaks while serving may have been applied before it broke.
    var refused = status >= 400 && status < 500 && status != REQUEST_TIMEOUT;
    return write && !refused
        ? new OutcomeUnknown(what, where, null)
        : new Unavailable(what, where, null);
  }

  /** Whether no connection carried the request. */
  private static boolean isCertainlyUnsent(Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException
          || cause instanceof NoRouteToHostException
          || cause instanceof UnknownHostException
          || cause instanceof SSLHandshakeException
          || says(cause, "Acquire operation took longer")
          || says(cause, "Unable to load credentials")) {
        return true;
      }
    }
    return false;
  }

  private static boolean isPoolFull(Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (says(cause, "Too many outstanding acquire operations")) {
        return true;
      }
    }
    return false;
  }

  /**
   * The SDK has no types for these; should it change its words, writes turn out unknown, which is
   * true as well.
   */
  private static boolean says(Throwable cause, String words) {
    var message = cause.getMessage();
    return message != null && message.startsWith(words);
  }

  private static @Nullable IOException networkCause(Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      // A parser's exceptions are IOExceptions too, of the SDK's own packages.
      var type = cause.getClass().getName();
      if (cause instanceof IOException network
          && (type.startsWith("java") || type.startsWith("io.netty."))) {
        return network;
      }
    }
    return null;
  }

  private static String named(Throwable failure) {
    var network = networkCause(failure);
    return (network == null ? failure : network).getClass().getSimpleName();
  }
}
