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
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Unavailable;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A source of record around functions a service supplies: an RPC, an SQL query. It keeps no
 * versions; what the function says is true.
 *
 * <p>A function that throws, or whose stage fails, fails the keys it was asked for: with its own
 * {@link ServingException} if it throws one, with {@link Overloaded} if its executor refuses, else
 * with {@link Unavailable}. Thread-safe if the functions are.
 *
 * @param <K> the type of key
 * @param <V> the type of value
 */
public final class LoadingBackend<K, V> implements Backend {

  static final String NAME = "function";
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
   * The same source with a way to write. Writes have no versions and no conditions: the last to
   * reach the writer wins.
   *
   * @param blockingWriter writes and deletes
   * @param executor runs the writer; a refusal fails the write with {@link Overloaded}
   */
  public LoadingBackend<K, V> writing(SourceWriter<K, V> blockingWriter, Executor executor) {
    return new LoadingBackend<>(
        keys, codec, load, blockingWriter, executor, capabilities.maxReadKeys());
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
      return CompletableFuture.completedFuture(
          ReadResult.failed(texts.size(), FunctionFailures.closed()));
    }
    var asked = parsed(texts);
    if (asked.isEmpty()) {
      return CompletableFuture.completedFuture(result(texts, asked, Map.of()));
    }
    var loading =
        begin(() -> load.load(asked.values().stream().distinct().toList(), context.deadline()));
    var answer = loading.handle((values, failure) -> failure == null
        ? result(texts, asked, values)
        : ReadResult.failed(texts.size(), FunctionFailures.ofRead(failure)));
    Completions.passCancel(answer, loading);
    return answer;
  }

  /** The keys by their texts, without the texts that are no key's. */
  private Map<String, K> parsed(List<String> texts) {
    var asked = new LinkedHashMap<String, K>();
    for (var text : texts) {
      try {
        asked.put(text, keys.parse(text));
      } catch (RuntimeException refused) {
        // Answered with the others: one bad key must not fail them.
      }
    }
    return asked;
  }

  private ReadResult result(List<String> texts, Map<String, K> asked, @Nullable Map<K, V> values) {
    if (values == null) {
      // Not a miss: a function that knows no value says so with an empty map.
      return ReadResult.failed(texts.size(), FunctionFailures.noAnswer());
    }
    var outcomes = new ArrayList<ReadOutcome>(texts.size());
    for (var text : texts) {
      var key = asked.get(text);
      outcomes.add(
          key == null
              ? new ReadOutcome.Failed(FunctionFailures.badKey(null))
              : outcome(key, values));
    }
    return new ReadResult(outcomes);
  }

  private ReadOutcome outcome(K key, Map<K, V> values) {
    V value;
    try {
      value = values.get(key);
    } catch (RuntimeException thrown) {
      return new ReadOutcome.Failed(FunctionFailures.ofRead(thrown));
    }
    if (value == null) {
      return ReadOutcome.Absent.unknown(Origin.source(""));
    }
    try {
      return new ReadOutcome.Found(EncodedEntry.plain(codec.encode(value)), Origin.source(""));
    } catch (RuntimeException | LinkageError thrown) {
      return new ReadOutcome.Failed(FunctionFailures.codec(codec, "encode", thrown));
    }
  }

  @Override
  public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    var parts =
        request.mutations().stream().map(mutation -> write(mutation, context)).toList();
    var whole = CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            done -> new WriteResult(parts.stream().map(CompletableFuture::join).toList()));
    Completions.passCancel(whole, parts);
    return whole;
  }

  private CompletableFuture<WriteOutcome> write(Mutation mutation, CallContext context) {
    if (!open) {
      return CompletableFuture.completedFuture(new WriteOutcome.Failed(FunctionFailures.closed()));
    }
    if (writer == null
        || !(mutation instanceof Mutation.Put put)
        || !put.condition().equals(Condition.ALWAYS)) {
      return CompletableFuture.completedFuture(
          new WriteOutcome.Failed(FunctionFailures.cannot(mutation)));
    }
    Callable<Boolean> call;
    try {
      call = call(writer, put);
    } catch (ServingException refused) {
      return CompletableFuture.completedFuture(new WriteOutcome.Failed(refused));
    }
    var running = begin(() -> BlockingCalls.run(call, writes, context.deadline()));
    var outcome = running.<WriteOutcome>handle((done, failure) -> failure == null
        ? new WriteOutcome.Stored(0)
        : new WriteOutcome.Failed(FunctionFailures.ofWrite(failure)));
    Completions.passCancel(outcome, running);
    return outcome;
  }

  /** The call of the writer, with everything that can be refused before it is sent already done. */
  private Callable<Boolean> call(SourceWriter<K, V> target, Mutation.Put put) {
    var key = key(put.key());
    var payload = put.entry().payload();
    if (payload == null) {
      return () -> {
        target.remove(key);
        return true;
      };
    }
    var value = value(payload);
    return () -> {
      target.put(key, value);
      return true;
    };
  }

  private K key(String text) {
    try {
      return keys.parse(text);
    } catch (RuntimeException refused) {
      throw FunctionFailures.badKey(refused);
    }
  }

  private V value(byte[] payload) {
    try {
      return codec.decode(payload);
    } catch (RuntimeException | LinkageError thrown) {
      throw FunctionFailures.codec(codec, "decode", thrown);
    }
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
}
