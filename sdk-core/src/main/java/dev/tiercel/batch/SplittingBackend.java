package dev.tiercel.batch;

import com.google.common.collect.Lists;
import dev.tiercel.backend.Backend;
import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/**
 * Cuts requests into as many as the backend's {@code maxReadKeys} and {@code maxWriteMutations} ask
 * for, and puts the outcomes together in order. Of each request only so many parts are on their way
 * at once, so that one large batch leaves room for others. A failed part fails only its own keys.
 *
 * <p>Thread-safe. Expects a backend whose futures never complete exceptionally, so it stands above
 * the guard.
 */
public final class SplittingBackend extends ForwardingBackend {

  private final int maxReadKeys;
  private final int maxWriteMutations;
  private final IntSupplier maxPartsAtOnce;

  /**
   * Splits what goes to a backend.
   *
   * @param delegate the backend to split for
   * @param maxPartsAtOnce how many parts of one request may be on their way at once, at least 1;
   *     asked when the request begins
   */
  public SplittingBackend(Backend delegate, IntSupplier maxPartsAtOnce) {
    super(delegate);
    this.maxReadKeys = delegate.capabilities().maxReadKeys();
    this.maxWriteMutations = delegate.capabilities().maxWriteMutations();
    this.maxPartsAtOnce = maxPartsAtOnce;
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    if (request.keys().size() <= maxReadKeys) {
      return super.read(request, context);
    }
    var parts = Lists.partition(request.keys(), maxReadKeys);
    return new Parts<>(parts, keys -> super.read(request.withKeys(keys), context))
        .run(SplittingBackend::joined);
  }

  @Override
  public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    if (request.mutations().size() <= maxWriteMutations) {
      return super.write(request, context);
    }
    var parts = Lists.partition(request.mutations(), maxWriteMutations);
    return new Parts<>(
            parts, some -> super.write(new WriteRequest(request.keyspace(), some), context))
        .run(results -> new WriteResult(
            results.stream().flatMap(part -> part.outcomes().stream()).toList()));
  }

  private static ReadResult joined(List<ReadResult> parts) {
    var barriers = parts.stream().map(ReadResult::barriers).reduce(Barriers.NONE, Barriers::and);
    return new ReadResult(
        parts.stream().flatMap(part -> part.outcomes().stream()).toList(), barriers);
  }

  /**
   * The parts of one request: the first ones are sent at once, and each that ends makes room for
   * the next.
   */
  private final class Parts<T, R> {

    private final List<List<T>> items;
    private final Function<List<T>, CompletableFuture<R>> send;
    private final List<CompletableFuture<R>> results;
    private final AtomicInteger next = new AtomicInteger();
    private volatile boolean cancelled;

    Parts(List<List<T>> items, Function<List<T>, CompletableFuture<R>> send) {
      this.items = items;
      this.send = send;
      this.results =
          Stream.generate(CompletableFuture<R>::new).limit(items.size()).toList();
    }

    CompletableFuture<R> run(Function<List<R>, R> join) {
      var whole = CompletableFuture.allOf(results.toArray(CompletableFuture<?>[]::new))
          .thenApply(
              done -> join.apply(results.stream().map(CompletableFuture::join).toList()));
      Completions.onEnd(whole, (done, failure) -> {
        if (whole.isCancelled()) {
          cancelled = true;
          results.forEach(part -> part.cancel(true));
        }
      });
      var atOnce = maxPartsAtOnce.getAsInt();
      for (var part = 0; part < atOnce; part++) {
        sendNext();
      }
      return whole;
    }

    /**
     * Sends the next part, and in a loop those after it while they end at once, so that their ends
     * do not nest.
     */
    private void sendNext() {
      for (var index = next.getAndIncrement();
          index < items.size() && !cancelled;
          index = next.getAndIncrement()) {
        var result = results.get(index);
        var sent = send.apply(items.get(index));
        Completions.passCancel(result, sent);
        if (!sent.isDone()) {
          Completions.onEnd(sent, (part, failure) -> {
            Completions.end(result, part, failure);
            sendNext();
          });
          return;
        }
        Completions.onEnd(sent, (part, failure) -> Completions.end(result, part, failure));
      }
    }
  }
}
