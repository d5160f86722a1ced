package dev.tiercel.redis;

import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Lease;
import dev.tiercel.backend.Occupancy;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.ReadResult;
import dev.tiercel.codec.Envelope;
import dev.tiercel.error.ServingException;
import io.lettuce.core.protocol.Command;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One read. First the keyspace's clock and all envelopes in one command; if the clock has moved,
 * the barriers that the reader does not know; then, if the reader wants leases, one script for each
 * key that is missing, all in one write:
 *
 * <pre>
 * readAll -> (catch up on barriers) -> (sort each envelope) -> lease what is missing
 *     -> (settle each lease) -> answer
 * </pre>
 */
final class RedisRead extends Exchange<ReadResult> {

  private static final Logger LOG = LoggerFactory.getLogger(RedisRead.class);

  private final RedisBackend backend;
  private final ReadRequest request;
  private final Origin origin;
  private final ReadOutcome[] outcomes;
  private final List<Wanted> wanted = new ArrayList<>();
  private Barriers news = Barriers.NONE;
  /** Where leases are asked for, once they are; after what is wanted is known. */
  private volatile @Nullable Link leasing;

  /**
   * A key to lease.
   *
   * @param index which of the request's
   * @param token what would prove the lease
   * @param reason why what was there is unreadable, null if nothing was
   * @param head the beginning of what is unreadable, empty if nothing was there
   */
  private record Wanted(int index, long token, @Nullable String reason, byte[] head) {}

  RedisRead(RedisBackend backend, ReadRequest request, Occupancy occupancy) {
    super(occupancy);
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
        answers -> arrived(link, answers.get(0)));
  }

  @Override
  ReadResult failed(ServingException cause) {
    return ReadResult.failed(outcomes.length, cause);
  }

  @Override
  ServingException ofBug(RuntimeException thrown) {
    return backend.failures.ofRead(thrown);
  }

  /**
   * Gives back what the scripts grant to nobody: on the same connection, so that they run first.
   */
  @Override
  void abandoned() {
    var link = leasing;
    if (link == null) {
      return;
    }
    var channel = backend.channel(request.keyspace());
    var commands = new ArrayList<Command<byte[], byte[], List<byte[]>>>();
    for (var key : wanted) {
      var release =
          Invocation.release(request.keyspace(), request.keys().get(key.index), key.token, channel);
      // The first carries the script, so that Redis knows it when it comes to the others.
      commands.add(commands.isEmpty() ? release.inFull() : release.byDigest());
    }
    var calls = link.send(commands).toArray(CompletableFuture<?>[]::new);
    Completions.onEnd(CompletableFuture.allOf(calls), (done, failure) -> {
      if (failure != null) {
        LOG.debug("redis: leases of a cancelled read not given back, they lapse", failure);
      }
    });
  }

  private void arrived(Link link, Answer answer) {
    var failure = answer.failure();
    var all = answer.reply() == null ? Collections.<byte[]>emptyList() : answer.reply();
    if (failure != null || all.size() != 1 + outcomes.length) {
      complete(failed(backend.failures.ofReply(failure)));
      return;
    }
    var envelopes = all.subList(1, all.size());
    if (BarrierReply.clock(all.get(0)) > request.barriers().seen()) {
      catchUp(link, () -> sort(link, envelopes));
    } else {
      sort(link, envelopes);
    }
  }

  /** Reads the barriers that the reader does not know, before anything is believed. */
  private void catchUp(Link link, Runnable then) {
    var seen = request.barriers().seen();
    run(link, List.of(Invocation.barriersSince(seen, request.keyspace())), answers -> {
      var found = BarrierReply.of(answers.get(0).reply(), seen);
      if (found == null) {
        complete(failed(backend.failures.ofReply(answers.get(0).failure())));
      } else {
        news = found;
        then.run();
      }
    });
  }

  private void sort(Link link, List<byte[]> envelopes) {
    var now = backend.time.millis();
    var wish = Wish.of(request, news, now);
    for (var index = 0; index < outcomes.length; index++) {
      sort(index, envelopes.get(index), wish);
    }
    if (wanted.isEmpty()) {
      complete(new ReadResult(Arrays.asList(outcomes), news));
    } else {
      lease(link, wish);
    }
  }

  private void sort(int index, byte @Nullable [] envelope, Wish wish) {
    if (envelope == null) {
      missing(index, null, new byte[0], 0);
      return;
    }
    var decoded = decode(index, envelope);
    if (decoded instanceof Envelope.Unreadable unreadable) {
      missing(
          index,
          unreadable.reason(),
          Arrays.copyOf(envelope, Math.min(envelope.length, Envelope.HEAD_BYTES)),
          0);
    } else if (decoded instanceof Envelope.Readable readable) {
      if (wish.isMetBy(readable.entry())) {
        outcomes[index] = there(readable.entry());
      } else {
        missing(index, null, new byte[0], Envelope.markIn(readable.entry()));
      }
    }
  }

  private void missing(int index, @Nullable String reason, byte[] head, long mark) {
    if (request.lease().isZero()) {
      outcomes[index] = new ReadOutcome.Absent(null, origin, Lease.NONE, reason, mark);
    } else {
      wanted.add(new Wanted(index, backend.nextToken(), reason, head));
    }
  }

  private void lease(Link link, Wish wish) {
    var millis = Durations.millis(request.lease());
    var invocations = wanted.stream()
        .map(key -> Invocation.onKey(
            Script.LEASE,
            request.keyspace(),
            request.keys().get(key.index),
            List.of(
                Invocation.number(key.token),
                Invocation.text(millis),
                Invocation.number(wish.now()),
                key.head,
                Invocation.number(wish.version()),
                Invocation.number(wish.created()),
                Invocation.number(wish.barrier()),
                new byte[0])))
        .toList();
    leasing = link;
    run(link, invocations, answers -> {
      for (var i = 0; i < answers.size(); i++) {
        outcomes[wanted.get(i).index] = settle(wanted.get(i), answers.get(i), millis);
      }
      complete(new ReadResult(Arrays.asList(outcomes), news));
    });
  }

  private ReadOutcome settle(Wanted key, Answer answer, long millis) {
    if (answer.failure() != null) {
      return new ReadOutcome.Failed(backend.failures.ofRead(answer.failure()));
    }
    var reply = Reply.of(answer.reply());
    return switch (reply.status()) {
      case "granted" ->
        absent(new Lease(key.token, millis), reply.isEmpty() ? key.reason : reply.text(), reply);
      case "held" ->
        absent(Lease.heldElsewhere(Math.max(1, Long.parseLong(reply.text()))), key.reason, reply);
      case "off" -> absent(Lease.NONE, key.reason, reply);
      case "found" -> found(key.index, reply.bytes());
      default -> new ReadOutcome.Failed(backend.failures.unexpectedReply());
    };
  }

  /** Somebody has stored the key since it was missing. */
  private ReadOutcome found(int index, byte[] envelope) {
    var decoded = decode(index, envelope);
    return decoded instanceof Envelope.Readable readable
        ? there(readable.entry())
        : new ReadOutcome.Absent(
            null, origin, Lease.NONE, ((Envelope.Unreadable) decoded).reason());
  }

  private Envelope.Decoded decode(int index, byte[] envelope) {
    return Envelope.decode(request.keyspace(), request.keys().get(index), envelope);
  }

  private ReadOutcome there(EncodedEntry entry) {
    return entry.isTombstone()
        ? ReadOutcome.Absent.deleted(entry, origin)
        : new ReadOutcome.Found(entry, origin);
  }

  private ReadOutcome absent(Lease lease, @Nullable String unreadable, Reply reply) {
    return new ReadOutcome.Absent(null, origin, lease, unreadable, reply.mark());
  }
}
