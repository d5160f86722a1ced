package dev.tiercel.dynamo;

import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** Tells credentials when DynamoDB refuses them, so that they are looked up again. */
record CredentialsRefused(Credentials credentials) implements ExecutionInterceptor {

  @Override
  public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
    if (Failures.isOfCredentials(context.exception())) {
      credentials.refused();
    }
  }
}
