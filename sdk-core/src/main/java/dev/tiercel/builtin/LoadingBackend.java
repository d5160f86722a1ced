package dev.tiercel.builtin;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.codec.Codec;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.error.CodecFailure;
import dev.tiercel.error.InvalidRequest;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A source of record around functions a service supplies: an RPC, an SQL query. It keeps no versions; what the function says is
 * true.
 *
 * <p>A function that throws, or whose stage fails, fails the keys it was asked for: with its own {@link ServingException} if it
 * throws one, with {@link Overloaded} if its executor refuses, else with {@link Unavailable}. Thread-safe if the functions are.
 *
 * @param <K> the type of key
 * @param <V> the type of value
 */
public final class LoadingBackend<K, V> implements Backend {

  private static final String NAME = "function";
  private static final Where HERE = Where.at(NAME, "");
  private static final int MAX_WRITES = 100;

  private final KeyFormat<K> keys;
  private final Codec<V> codec;
  private final SourceFunction<K, V> load;
  private final @Nullable SourceWriter<K, V> writer;
  private final Executor writes;
  private final Capabilities capabilities;
  private volatile boolean open = true;

  LoadingBackend(KeyFormat<K> keys, Codec<V> codec, SourceFunction<K, V> load) {
    this(keys, codec, load, null, Runnable::run, 1000);
  }

  private LoadingBackend(
      KeyFormat<K> keys,
      Codec<V> codec,
      SourceFunction<K, V> load,
      @Nullable SourceWriter<K, V> writer,
      Executor writes,
      int maxReadKeys) {
    this.keys = keys;
    this.codec = codec;
    this.load = load;
    this.writer = writer;
    this.writes = writes;
    var features = EnumSet.of(Feature.CONSISTENT_READS);
    if (writer != null) {
      features.add(Feature.WRITE);
    }
    this.capabilities = new Capabilities(maxReadKeys, MAX_WRITES, 4096, 64 << 20, features);
  }

  /**
   * The same source, asked for at most so many keys at once; 1,000 by default.
   *
   * @param count at least 1
   */
  public LoadingBackend<K, V> maxReadKeys(int count) {
    return new LoadingBackend<>(keys, codec, load, writer, writes, count);
  }

  /**
   * The same source with a way to write. Writes have no versions and no conditions: the last to reach the writer wins.
   *
   * @param blockingWriter writes and deletes
   * @param executor runs the writer; a refusal fails the write with {@link Overloaded}
   */
  public LoadingBackend<K, V> writing(SourceWriter<K, V> blockingWriter, Executor executor) {
    return new LoadingBackend<>(keys, codec, load, blockingWriter, executor, capabilities.maxReadKeys());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String region() {
    return "";
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    var texts = request.keys();
    if (!open) {
      return CompletableFuture.completedFuture(ReadResult.failed(texts.size(), closed()));
    }
    var loading = begin(() -> load.load(texts.stream().map(keys::parse).toList(), context.deadline()));
    var answer =
        loading.handle(
            (values, failure) ->
                failure == null
                    ? new ReadResult(texts.stream().map(text -> outcome(values, text)).toList())
                    : ReadResult.failed(texts.size(), readFailure(cause(failure))));
    Completions.passCancel(answer, loading);
    return answer;
  }

  private ReadOutcome outcome(@Nullable Map<K, V> values, String text) {
    var value = values == null ? null : values.get(keys.parse(text));
    if (value == null) {
      return ReadOutcome.Absent.unknown(Origin.source(""));
    }
    try {
      return new ReadOutcome.Found(EncodedEntry.plain(codec.encode(value)), Origin.source(""));
    } catch (RuntimeException thrown) {
      return new ReadOutcome.Failed(
          new CodecFailure("codec: " + codec.id() + " cannot encode the value", HERE, thrown));
    }
  }

  @Override
  public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    var parts = request.mutations().stream().map(mutation -> write(mutation, context)).toList();
    return CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new))
        .thenApply(done -> new WriteResult(parts.stream().map(CompletableFuture::join).toList()));
  }

  private CompletableFuture<WriteOutcome> write(Mutation mutation, CallContext context) {
    if (!open) {
      return CompletableFuture.completedFuture(new WriteOutcome.Failed(closed()));
    }
    if (writer == null
        || !(mutation instanceof Mutation.Put put)
        || !put.condition().equals(Condition.ALWAYS)) {
      var refusal = new InvalidRequest("write: " + kind(mutation) + " (expected: what the function can do)", HERE, null);
      return CompletableFuture.completedFuture(new WriteOutcome.Failed(refusal));
    }
    var target = writer;
    return begin(() -> BlockingCalls.run(() -> apply(target, put), writes, context.deadline()))
        .handle(
            (done, failure) ->
                failure == null
                    ? new WriteOutcome.Stored(0)
                    : new WriteOutcome.Failed(writeFailure(cause(failure))));
  }

  private boolean apply(SourceWriter<K, V> target, Mutation.Put put) throws Exception {
    var key = keys.parse(put.key());
    var payload = put.entry().payload();
    if (payload == null) {
      target.remove(key);
    } else {
      target.put(key, codec.decode(payload));
    }
    return true;
  }

  @Override
  public void close() {
    open = false;
  }

  private static <T> CompletableFuture<T> begin(Supplier<CompletableFuture<T>> call) {
    try {
      return call.get();
    } catch (RuntimeException | LinkageError thrown) {
      return CompletableFuture.failedFuture(thrown);
    }
  }

  private static String kind(Mutation mutation) {
    return mutation.getClass().getSimpleName() + " under " + mutation.condition().getClass().getSimpleName();
  }

  private static Throwable cause(Throwable failure) {
    var cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }

  private static ServingException readFailure(Throwable cause) {
    return known(cause, new Unavailable("function: failed with " + cause.getClass().getSimpleName(), HERE, cause));
  }

  private static ServingException writeFailure(Throwable cause) {
    return known(cause, new OutcomeUnknown("function: failed with " + cause.getClass().getSimpleName(), HERE, cause));
  }

  private static ServingException known(Throwable cause, ServingException otherwise) {
    if (cause instanceof ServingException serving) {
      return serving;
    }
    return cause instanceof RejectedExecutionException
        ? new Overloaded("executor: refused the call (expected: room for it)", HERE, cause)
        : otherwise;
  }

  private static Unavailable closed() {
    return new Unavailable("backend: closed (expected: open)", HERE, null);
  }
}
