package dev.tiercel.dynamo;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Makes a success without a body a failure. The SDK reads nothing at all, which is also what it
 * sees of a transfer that breaks before its first byte, as an answer without fields: a read would
 * be a miss and a write a success. DynamoDB always answers at least {@code {}}. Stateless.
 */
final class BodyRequired implements ExecutionInterceptor {

  @Override
  public Optional<Publisher<ByteBuffer>> modifyAsyncHttpResponseContent(
      Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
    var required = context.httpResponse().isSuccessful();
    return context
        .responsePublisher()
        .map(publisher ->
            subscriber -> publisher.subscribe(new Watching(subscriber, attributes, required)));
  }

  private static final class Watching implements Subscriber<ByteBuffer> {

    private final Subscriber<? super ByteBuffer> subscriber;
    private final ExecutionAttributes attributes;
    private final boolean required;

    /** Signals come one after the other, so it needs no guard. */
    private boolean any;

    private Watching(
        Subscriber<? super ByteBuffer> subscriber,
        ExecutionAttributes attributes,
        boolean required) {
      this.subscriber = subscriber;
      this.attributes = attributes;
      this.required = required;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      subscriber.onSubscribe(subscription);
    }

    @Override
    public void onNext(ByteBuffer bytes) {
      any |= bytes.hasRemaining();
      subscriber.onNext(bytes);
    }

    @Override
    public void onError(Throwable failure) {
      Answered.in(attributes);
      subscriber.onError(failure);
    }

    @Override
    public void onComplete() {
      Answered.in(attributes);
      if (any || !required) {
        subscriber.onComplete();
      } else {
        subscriber.onError(new EOFException("answer: no body (expected: one)"));
      }
    }
  }
}
