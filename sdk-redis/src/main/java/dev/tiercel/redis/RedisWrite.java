package dev.tiercel.redis;

import static dev.tiercel.redis.Invocation.text;

import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.Occupancy;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.codec.Envelope;
import dev.tiercel.error.ServingException;
import java.util.ArrayList;
import java.util.List;

/** One write: a script for each mutation, all in one write to the connection. */
final class RedisWrite extends Exchange<WriteResult> {

  private final RedisBackend backend;
  private final WriteRequest request;

  RedisWrite(RedisBackend backend, WriteRequest request, Occupancy occupancy) {
    super(occupancy);
    this.backend = backend;
    this.request = request;
  }

  @Override
  void begin(Link link) {
    var now = backend.time.millis();
    run(
        link,
        request.mutations().stream().map(mutation -> invocation(mutation, now)).toList(),
        answers -> {
          var outcomes = new ArrayList<WriteOutcome>();
          for (var i = 0; i < answers.size(); i++) {
            outcomes.add(settle(request.mutations().get(i), answers.get(i)));
          }
          complete(new WriteResult(outcomes));
        });
  }

  @Override
  WriteResult failed(ServingException cause) {
    return WriteResult.failed(request.mutations().size(), cause);
  }

  @Override
  ServingException ofBug(RuntimeException thrown) {
    return backend.failures.ofWrite(thrown, true);
  }

  private Invocation invocation(Mutation mutation, long now) {
    if (mutation instanceof Mutation.Put put) {
      return onKey(Script.PUT, put, put(put, now));
    }
    if (mutation instanceof Mutation.Fill fill) {
      return onKey(Script.FILL, fill, fill(fill, now));
    }
    if (mutation instanceof Mutation.Renew renew) {
      var millis = Durations.millis(renew.lease());
      return onKey(Script.RENEW, renew, List.of(token(renew.condition()), text(millis)));
    }
    if (mutation instanceof Mutation.Release release) {
      return Invocation.release(
          request.keyspace(),
          release.key(),
          release.condition().token(),
          backend.channel(request.keyspace()));
    }
    if (mutation instanceof Mutation.Forget forget) {
      return onKey(Script.FORGET, forget, forget(forget, now));
    }
    if (mutation instanceof Mutation.Mark mark) {
      return onKey(Script.MARK, mark, mark(mark, now));
    }
    var retention = Durations.millis(backend.options.barrierRetention());
    return Invocation.onGroups(
        Script.BARRIER, request.keyspace(), told(List.of(text(mutation.key()), text(retention))));
  }

  private Invocation onKey(Script script, Mutation mutation, List<byte[]> arguments) {
    return Invocation.onKey(script, request.keyspace(), mutation.key(), told(arguments));
  }

  /** The arguments and, last, where to tell of the change. */
  private List<byte[]> told(List<byte[]> arguments) {
    var all = new ArrayList<>(arguments);
    all.add(backend.channel(request.keyspace()));
    return all;
  }

  private List<byte[]> put(Mutation.Put put, long now) {
    var expected = put.condition() instanceof Condition.IfVersion exact ? exact.version() : 0;
    return List.of(
        envelope(put.key(), put.entry()),
        timeToLive(put.entry(), now),
        Invocation.number(now),
        text(name(put.condition())),
        Invocation.number(expected));
  }

  private List<byte[]> fill(Mutation.Fill fill, long now) {
    return List.of(
        envelope(fill.key(), fill.entry()), timeToLive(fill.entry(), now), token(fill.condition()));
  }

  private List<byte[]> forget(Mutation.Forget forget, long now) {
    var holdOff = forget.holdOff();
    return List.of(
        text(holdOff.isZero() ? 0 : Durations.millis(holdOff)),
        Invocation.number(forget.below()),
        text(Durations.millis(backend.options.versionRetention())),
        Invocation.number(now));
  }

  private List<byte[]> mark(Mutation.Mark mark, long now) {
    return List.of(
        Envelope.encode(request.keyspace(), mark.key(), Envelope.mark(mark.version())),
        text(Durations.millis(mark.retention())),
        Invocation.number(now));
  }

  private static byte[] token(Condition.IfLease lease) {
    return Invocation.number(lease.token());
  }

  private byte[] envelope(String key, EncodedEntry entry) {
    return Envelope.encode(request.keyspace(), key, entry);
  }

  /**
   * For how long Redis keeps an envelope, empty for ever. Longer than it may be served if that is
   * short: its version must be told to writers that set out before it and arrive late. Readers go
   * by the expiry inside.
   */
  private byte[] timeToLive(EncodedEntry entry, long now) {
    if (entry.expiryMillis() == 0) {
      return new byte[0];
    }
    var left = entry.isExpiredAt(now) ? 0 : entry.expiryMillis() - now;
    var retention = backend.options.versionRetention().toMillis();
    return text(Durations.millis(Math.max(left, retention)));
  }

  private static String name(Condition condition) {
    if (condition instanceof Condition.IfAbsent) {
      return "absent";
    }
    if (condition instanceof Condition.IfVersion) {
      return "version";
    }
    return condition instanceof Condition.IfNewer ? "newer" : "always";
  }

  private WriteOutcome settle(Mutation mutation, Answer answer) {
    if (answer.failure() != null) {
      return new WriteOutcome.Failed(
          backend.failures.ofWrite(answer.failure(), answer.mayHaveRun()));
    }
    var reply = Reply.of(answer.reply());
    return switch (reply.status()) {
      case "stored" -> new WriteOutcome.Stored(version(mutation, reply));
      case "rejected" -> new WriteOutcome.Rejected(reply.version());
      default -> new WriteOutcome.Failed(backend.failures.unexpectedAcknowledgement());
    };
  }

  private static long version(Mutation mutation, Reply reply) {
    if (mutation instanceof Mutation.Put put) {
      return put.entry().version();
    }
    return mutation instanceof Mutation.Fill fill ? fill.entry().version() : reply.version();
  }
}
