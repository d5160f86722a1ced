package dev.tiercel.samples.benchmarks.sim;

import dev.tiercel.backend.Backend;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.Feature;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A modelled server, or several behind one address: reads take a modelled time, writes are none.
 */
abstract class Server implements Backend {

  private static final Capabilities CAPABILITIES =
      new Capabilities(1, 1, 1_024, 1_024, Set.of(Feature.HEDGED_READS));

  private final VirtualTime time;
  private long reads;

  Server(VirtualTime time) {
    this.time = time;
  }

  /** In how many nanoseconds a read that arrives now is answered. */
  abstract long serve(ReadRequest request);

  /** How many reads have arrived. */
  final long reads() {
    return reads;
  }

  @Override
  public final CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    reads++;
    var reply = new Reply(context.occupancy());
    time.in(serve(request), reply);
    return reply;
  }

  @Override
  public final CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    throw new UnsupportedOperationException("write: in a simulation (expected: reads)");
  }

  @Override
  public final String name() {
    return "simulated";
  }

  @Override
  public final String region() {
    return "";
  }

  @Override
  public final Capabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public final void close() {}
}
