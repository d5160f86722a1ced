package dev.tiercel.docs;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Capabilities;
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
import dev.tiercel.error.InvalidRequest;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The backend of "Writing a backend": plain bytes in a map. */
// region backend
final class MapBackend implements Backend {

  private static final Where HERE = Where.at("map", "");

  private final Map<List<String>, byte[]> values = new ConcurrentHashMap<>();
  private volatile boolean open = true;

  @Override
  public String name() {
    return "map";
  }

  @Override
  public String region() {
    return "";
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(
        100, 100, 1024, 1 << 20, Set.of(Feature.WRITE, Feature.CONSISTENT_READS));
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    var outcomes =
        request.keys().stream().map(key -> read(request.keyspace(), key)).toList();
    return CompletableFuture.completedFuture(new ReadResult(outcomes));
  }

  private ReadOutcome read(String keyspace, String key) {
    if (!open) {
      return new ReadOutcome.Failed(
          new Unavailable("backend: closed (expected: open)", HERE, null));
    }
    var value = values.get(List.of(keyspace, key));
    return value == null
        ? ReadOutcome.Absent.unknown(Origin.source(""))
        : new ReadOutcome.Found(EncodedEntry.plain(value), Origin.source(""));
  }

  @Override
  public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    var outcomes = request.mutations().stream()
        .map(each -> write(request.keyspace(), each))
        .toList();
    return CompletableFuture.completedFuture(new WriteResult(outcomes));
  }

  private WriteOutcome write(String keyspace, Mutation mutation) {
    if (!open) {
      return new WriteOutcome.Failed(
          new Unavailable("backend: closed (expected: open)", HERE, null));
    }
    if (!(mutation instanceof Mutation.Put put) || !put.condition().equals(Condition.ALWAYS)) {
      var what = "mutation: conditional (expected: a put under no condition)";
      return new WriteOutcome.Failed(new InvalidRequest(what, HERE, null));
    }
    var payload = put.entry().payload();
    if (payload == null) {
      values.remove(List.of(keyspace, put.key())); // a tombstone: this backend keeps no versions
    } else {
      values.put(List.of(keyspace, put.key()), payload);
    }
    return new WriteOutcome.Stored(0);
  }

  @Override
  public void close() {
    open = false;
  }
}
// endregion
