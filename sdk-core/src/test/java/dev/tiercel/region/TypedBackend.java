package dev.tiercel.region;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.error.ServingException;
import java.util.concurrent.CompletableFuture;

/** Turns what a read fails with as a whole into one failure per key, as a guard does. */
final class TypedBackend extends ForwardingBackend {

  TypedBackend(Backend delegate) {
    super(delegate);
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    var typed = new CompletableFuture<ReadResult>();
    var sent = super.read(request, context);
    Completions.onEnd(sent, (result, failure) -> {
      if (failure != null && Completions.cause(failure) instanceof ServingException cause) {
        typed.complete(ReadResult.failed(request.keys().size(), cause));
      } else {
        Completions.end(typed, result, failure);
      }
    });
    Completions.passCancel(typed, sent);
    return typed;
  }
}
