package dev.tiercel.redis;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.error.InvalidRequest;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;

/**
 * A replica of a primary, by a connection of its own. It is only read, without leases; its answers
 * count as long as it can show that it is not too far behind.
 */
final class RedisReplica implements Backend {

  private final RedisBackend primary;
  private final Links links;
  private final Pulse pulse;
  private final Capabilities capabilities;

  RedisReplica(RedisBackend primary, Links links, Pulse pulse) {
    this.primary = primary;
    this.links = links;
    this.pulse = pulse;
    this.capabilities = primary
        .capabilities()
        .without(
            EnumSet.complementOf(EnumSet.of(Feature.VERSIONS, Feature.METADATA, Feature.EXPIRY)));
  }

  @Override
  public String name() {
    return primary.name();
  }

  @Override
  public String region() {
    return primary.region();
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  /** All keys in one round; one more if barriers have been raised that the reader does not know. */
  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    pulse.keepUp();
    return new ReplicaRead(primary, pulse, request, context.occupancy()).run(links);
  }

  @Override
  public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    var refusal =
        new InvalidRequest("write: to a replica (expected: reads)", primary.failures.where(), null);
    return CompletableFuture.completedFuture(
        WriteResult.failed(request.mutations().size(), refusal));
  }

  /** Connects before the first read, if possible. */
  void warmUp() {
    links.warmUp();
  }

  /** Ends the connection, within the limit. */
  void close(Duration limit) {
    links.close(limit);
  }

  @Override
  public void close() {
    close(RedisBackend.END_LIMIT);
  }
}
