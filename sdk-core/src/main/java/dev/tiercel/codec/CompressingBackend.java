package dev.tiercel.codec;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.ForwardingBackend;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.error.CodecFailure;
import dev.tiercel.error.Where;
import java.util.concurrent.CompletableFuture;

/**
 * Compresses what goes to a backend that keeps metadata and decompresses what comes back, so that
 * everybody above sees uncompressed payloads. A payload that came from a backend without metadata
 * is marked with its codec on the way.
 *
 * <p>Bytes that cannot be decompressed fail their key with {@link CodecFailure}. Thread-safe.
 */
public final class CompressingBackend extends ForwardingBackend {

  private final int codecId;
  private final Compression compression;

  /**
   * Stands in front of a backend.
   *
   * @param delegate a backend that keeps metadata
   * @param codecId the codec of the keyspace's payloads
   * @param compression how to compress what is written
   */
  public CompressingBackend(Backend delegate, int codecId, Compression compression) {
    super(delegate);
    this.codecId = codecId;
    this.compression = compression;
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    var asked = super.read(request, context);
    var answer = asked.thenApply(result -> new ReadResult(
        result.outcomes().stream().map(this::decompressed).toList(), result.barriers()));
    Completions.passCancel(answer, asked);
    return answer;
  }

  @Override
  public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    var mutations = request.mutations().stream().map(this::compressed).toList();
    return super.write(new WriteRequest(request.keyspace(), mutations), context);
  }

  private ReadOutcome decompressed(ReadOutcome outcome) {
    if (!(outcome instanceof ReadOutcome.Found found) || found.entry().compression() == 0) {
      return outcome;
    }
    var entry = found.entry();
    var payload = entry.payload();
    try {
      return payload == null
          ? outcome
          : new ReadOutcome.Found(
              with(entry, Compression.decompress(entry.compression(), payload), entry.codecId(), 0),
              found.origin());
    } catch (RuntimeException | LinkageError thrown) {
      var what = "compression: " + entry.compression() + " cannot decompress the value";
      return new ReadOutcome.Failed(new CodecFailure(what, Where.at(name(), region()), thrown));
    }
  }

  private Mutation compressed(Mutation mutation) {
    if (mutation instanceof Mutation.Put put) {
      return new Mutation.Put(put.key(), compressed(put.entry()), put.condition());
    }
    if (mutation instanceof Mutation.Fill fill) {
      return new Mutation.Fill(fill.key(), compressed(fill.entry()), fill.condition());
    }
    return mutation;
  }

  private EncodedEntry compressed(EncodedEntry entry) {
    var payload = entry.payload();
    if (payload == null || entry.compression() != 0) {
      return entry;
    }
    var marked = entry.codecId() == 0 ? codecId : entry.codecId();
    if (compression.appliesTo(payload)) {
      var smaller = compression.compress(payload);
      if (smaller.length < payload.length) {
        return with(entry, smaller, marked, compression.algorithm().id());
      }
    }
    return with(entry, payload, marked, 0);
  }

  private static EncodedEntry with(
      EncodedEntry entry, byte[] payload, int codecId, int compression) {
    return new EncodedEntry(
        payload,
        codecId,
        compression,
        entry.version(),
        entry.createdAtMillis(),
        entry.softExpiryMillis(),
        entry.expiryMillis(),
        entry.barrier());
  }
}
