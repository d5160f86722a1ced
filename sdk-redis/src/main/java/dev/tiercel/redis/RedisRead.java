package dev.tiercel.redis;

import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Lease;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.codec.Envelope;
import dev.tiercel.error.ServingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One read. First all envelopes in one command; then, if the reader wants leases, one script for
 * each key that is missing, all in one write:
 *
 * <pre>
 * readAll -> (sort each envelope) -> lease what is missing -> (settle each lease) -> answer
 * </pre>
 */
final class RedisRead extends Exchange<ReadResult> {

  private final RedisBackend backend;
  private final ReadRequest request;
  private final Origin origin;
  private final ReadOutcome[] outcomes;
  private final List<Wanted> wanted = new ArrayList<>();

  /**
   * A key to lease.
   *
   * @param index which of the request's
   * @param token what would prove the lease
   * @param reason why what was there is unreadable, null if nothing was
   * @param head the beginning of what is unreadable, empty if nothing was there
   */
  private record Wanted(int index, long token, @Nullable String reason, byte[] head) {}

  RedisRead(RedisBackend backend, ReadRequest request) {
    this.backend = backend;
    this.request = request;
    this.origin = Origin.source(backend.region());
    this.outcomes = new ReadOutcome[request.keys().size()];
  }

  @Override
  void begin(Link link) {
    send(
        link,
        List.of(Invocation.readAll(request.keyspace(), request.keys())),
        answers -> sort(link, answers.get(0)));
  }

  @Override
  ReadResult failed(ServingException cause) {
    return ReadResult.failed(outcomes.length, cause);
  }

  @Override
  ServingException ofBug(RuntimeException thrown) {
    return backend.failures.ofRead(thrown);
  }

  private void sort(Link link, Answer answer) {
    var failure = answer.failure();
    var envelopes = answer.reply() == null ? Collections.<byte[]>emptyList() : answer.reply();
    if (failure != null || envelopes.size() != outcomes.length) {
      complete(failed(
          failure == null ? backend.failures.unexpectedReply() : backend.failures.ofRead(failure)));
      return;
    }
    var now = backend.time.millis();
    for (var index = 0; index < outcomes.length; index++) {
      sort(index, envelopes.get(index), now);
    }
    if (wanted.isEmpty()) {
      complete(new ReadResult(Arrays.asList(outcomes)));
    } else {
      lease(link, now);
    }
  }

  private void sort(int index, byte @Nullable [] envelope, long now) {
    if (envelope == null) {
      missing(index, null, new byte[0]);
      return;
    }
    var decoded = decode(index, envelope);
    if (decoded instanceof Envelope.Unreadable unreadable) {
      missing(
          index,
          unreadable.reason(),
          Arrays.copyOf(envelope, Math.min(envelope.length, Envelope.HEAD_BYTES)));
    } else if (decoded instanceof Envelope.Readable readable) {
      if (readable.entry().isExpiredAt(now)) {
        missing(index, null, new byte[0]);
      } else {
        outcomes[index] = there(readable.entry());
      }
    }
  }

  private void missing(int index, @Nullable String reason, byte[] head) {
    if (request.lease().isZero()) {
      outcomes[index] = absent(Lease.NONE, reason);
    } else {
      wanted.add(new Wanted(index, backend.nextToken(), reason, head));
    }
  }

  private void lease(Link link, long now) {
    var millis = Durations.millis(request.lease());
    var invocations = wanted.stream()
        .map(key -> new Invocation(
            Script.LEASE,
            request.keyspace(),
            request.keys().get(key.index),
            List.of(
                Invocation.number(key.token),
                Invocation.text(millis),
                Invocation.number(now),
                key.head)))
        .toList();
    run(link, invocations, answers -> {
      for (var i = 0; i < answers.size(); i++) {
        outcomes[wanted.get(i).index] = settle(wanted.get(i), answers.get(i), millis);
      }
      complete(new ReadResult(Arrays.asList(outcomes)));
    });
  }

  private ReadOutcome settle(Wanted key, Answer answer, long millis) {
    if (answer.failure() != null) {
      return new ReadOutcome.Failed(backend.failures.ofRead(answer.failure()));
    }
    var reply = Reply.of(answer.reply());
    return switch (reply.status()) {
      case "granted" ->
        absent(new Lease(key.token, millis), reply.isEmpty() ? key.reason : reply.text());
      case "held" ->
        absent(Lease.heldElsewhere(Math.max(1, Long.parseLong(reply.text()))), key.reason);
      case "found" -> found(key.index, reply.bytes());
      default -> new ReadOutcome.Failed(backend.failures.unexpectedReply());
    };
  }

  /** Somebody has stored the key since it was missing. */
  private ReadOutcome found(int index, byte[] envelope) {
    var decoded = decode(index, envelope);
    return decoded instanceof Envelope.Readable readable
        ? there(readable.entry())
        : absent(Lease.NONE, ((Envelope.Unreadable) decoded).reason());
  }

  private Envelope.Decoded decode(int index, byte[] envelope) {
    return Envelope.decode(request.keyspace(), request.keys().get(index), envelope);
  }

  private ReadOutcome there(EncodedEntry entry) {
    return entry.isTombstone()
        ? ReadOutcome.Absent.deleted(entry, origin)
        : new ReadOutcome.Found(entry, origin);
  }

  private ReadOutcome absent(Lease lease, @Nullable String unreadable) {
    return new ReadOutcome.Absent(null, origin, lease, unreadable);
  }
}
