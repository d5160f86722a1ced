package dev.tiercel.dynamo;

import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;

/**
 * Hears that DynamoDB's answer has been read to its end, also if nobody waits for it any more: the
 * SDK's own future says nothing of that once it has been cancelled. It travels with the request.
 */
final class Answered {

  /** The SDK allows a name once in a process, and this class may be loaded twice. */
  private static final ExecutionAttribute<CompletableFuture<Boolean>> ATTRIBUTE =
      new ExecutionAttribute<>(
          "dev.tiercel.dynamo.answered-" + System.identityHashCode(Answered.class));

  private Answered() {}

  /** Sends it along. */
  static AwsRequestOverrideConfiguration.Builder tell(
      AwsRequestOverrideConfiguration.Builder request, CompletableFuture<Boolean> gone) {
    return request.putExecutionAttribute(ATTRIBUTE, gone);
  }

  /** Ends it, if the request is one of ours. */
  static void in(ExecutionAttributes request) {
    var gone = request.getAttribute(ATTRIBUTE);
    if (gone != null) {
      gone.complete(true);
    }
  }
}
