package dev.tiercel.batch;

import com.google.common.collect.Lists;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Cuts requests into as many as the backend's {@code maxReadKeys} and {@code maxWriteMutations} ask for, sends them at once
 * and puts the outcomes together in order. A failed part fails only its own keys.
 *
 * <p>Thread-safe. Expects a backend whose futures never complete exceptionally, so it stands above the guard.
 */
public final class SplittingBackend extends ForwardingBackend {

  private final int maxReadKeys;
  private final int maxWriteMutations;

  /**
   * Splits what goes to a backend.
   *
   * @param delegate the backend to split for
   */
  public SplittingBackend(Backend delegate) {
    super(delegate);
    this.maxReadKeys = delegate.capabilities().maxReadKeys();
    this.maxWriteMutations = delegate.capabilities().maxWriteMutations();
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    if (request.keys().size() <= maxReadKeys) {
      return super.read(request, context);
    }
    var parts = new ArrayList<CompletableFuture<ReadResult>>();
    for (var keys : Lists.partition(request.keys(), maxReadKeys)) {
      parts.add(super.read(request.withKeys(keys), context));
    }
    return joined(parts, ReadResult::outcomes, (List<ReadOutcome> outcomes) -> new ReadResult(outcomes));
  }

  @Override
  public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    if (request.mutations().size() <= maxWriteMutations) {
      return super.write(request, context);
    }
    var parts = new ArrayList<CompletableFuture<WriteResult>>();
    for (var mutations : Lists.partition(request.mutations(), maxWriteMutations)) {
      parts.add(super.write(new WriteRequest(request.keyspace(), mutations), context));
    }
    return joined(parts, WriteResult::outcomes, (List<WriteOutcome> outcomes) -> new WriteResult(outcomes));
  }

  private static <R, O> CompletableFuture<R> joined(
      List<CompletableFuture<R>> parts, Function<R, List<O>> outcomes, Function<List<O>, R> result) {
    var whole =
        CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new))
            .thenApply(
                done -> result.apply(parts.stream().flatMap(part -> outcomes.apply(part.join()).stream()).toList()));
    Completions.passCancel(whole, parts);
    return whole;
  }
}
