package dev.tiercel.redis;

import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Lease;
import dev.tiercel.backend.Occupancy;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.codec.Envelope;
import dev.tiercel.error.ServingException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One read of a replica: the keyspace's clock, the {@link Pulse} and all envelopes in one command,
 * so that the pulse speaks for just what was read; if the clock has moved, the barriers that the
 * reader does not know. Leases are not for replicas to grant, and a wish for one is passed over.
 */
final class ReplicaRead extends Exchange<ReadResult> {

  /** The clock and the pulse come before the envelopes. */
  private static final int BEFORE = 2;

  private final RedisBackend primary;
  private final Pulse pulse;
  private final ReadRequest request;
  private final Origin origin;
  private Barriers news = Barriers.NONE;

  ReplicaRead(RedisBackend primary, Pulse pulse, ReadRequest request, Occupancy occupancy) {
    super(occupancy);
    this.primary = primary;
    this.pulse = pulse;
    this.request = request;
    this.origin = Origin.source(primary.region()).ofReplica();
  }

  @Override
  void begin(Link link) {
    var sentAt = primary.time.nanos();
    send(
        link,
        List.of(Invocation.readAll(request.keyspace(), pulse.key(), request.keys())),
        answers -> arrived(link, sentAt, answers.get(0)));
  }

  @Override
  ReadResult failed(ServingException cause) {
    return ReadResult.failed(request.keys().size(), cause);
  }

  @Override
  ServingException ofBug(RuntimeException thrown) {
    return primary.failures.ofRead(thrown);
  }

  private void arrived(Link link, long sentAt, Answer answer) {
    var failure = answer.failure();
    var all = answer.reply() == null ? Collections.<byte[]>emptyList() : answer.reply();
    if (failure != null || all.size() != BEFORE + request.keys().size()) {
      complete(failed(primary.failures.ofReply(failure)));
      return;
    }
    var clock = BarrierReply.clock(all.get(0));
    var envelopes = all.subList(BEFORE, all.size());
    if (!pulse.isCloseTo(sentAt, all.get(1)) || isBefore(clock)) {
      complete(behind());
    } else if (clock > request.barriers().seen()) {
      catchUp(link, clock, envelopes);
    } else {
      answer(envelopes);
    }
  }

  /**
   * Whether the reader has seen more of this keyspace than the replica. A clock that is not there
   * says nothing, as in the primary: it lives for a limited time.
   */
  private boolean isBefore(long clock) {
    return clock != 0 && clock < request.barriers().seen();
  }

  private void catchUp(Link link, long clock, List<byte[]> envelopes) {
    var seen = request.barriers().seen();
    run(link, List.of(Invocation.barriersSince(seen, request.keyspace())), answers -> {
      var found = BarrierReply.of(answers.get(0).reply(), seen);
      if (found == null) {
        complete(failed(primary.failures.ofReply(answers.get(0).failure())));
      } else if (found.seen() < clock) {
        // It has begun again meanwhile, and may have lost barriers that the envelopes need.
        complete(behind());
      } else {
        news = found;
        answer(envelopes);
      }
    });
  }

  private void answer(List<byte[]> envelopes) {
    var now = primary.time.millis();
    var outcomes = new ArrayList<ReadOutcome>(envelopes.size());
    for (var index = 0; index < envelopes.size(); index++) {
      outcomes.add(outcome(request.keys().get(index), envelopes.get(index), now));
    }
    complete(new ReadResult(outcomes, news));
  }

  private ReadOutcome outcome(String key, byte @Nullable [] envelope, long now) {
    if (envelope == null) {
      return ReadOutcome.Absent.unknown(origin);
    }
    var decoded = Envelope.decode(request.keyspace(), key, envelope);
    if (decoded instanceof Envelope.Readable readable) {
      return readable.entry().isExpiredAt(now)
          ? ReadOutcome.Absent.unknown(origin)
          : there(readable.entry());
    }
    return new ReadOutcome.Absent(
        null, origin, Lease.NONE, ((Envelope.Unreadable) decoded).reason());
  }

  private ReadOutcome there(EncodedEntry entry) {
    return entry.isTombstone()
        ? ReadOutcome.Absent.deleted(entry, origin)
        : new ReadOutcome.Found(entry, origin);
  }

  private ReadResult behind() {
    return failed(primary.failures.behind(primary.options.replicas().maxLag()));
  }
}
