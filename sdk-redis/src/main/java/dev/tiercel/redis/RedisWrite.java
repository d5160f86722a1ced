package dev.tiercel.redis;

import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Mutation;
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

  RedisWrite(RedisBackend backend, WriteRequest request) {
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
      return invocation(Script.PUT, put.key(), put(put, now));
    }
    if (mutation instanceof Mutation.Fill fill) {
      return invocation(Script.FILL, fill.key(), fill(fill, now));
    }
    if (!(mutation instanceof Mutation.Forget forget)) {
      throw new IllegalArgumentException(
          "mutation: " + mutation + " (expected: put, fill or forget)");
    }
    var holdOff = forget.holdOff();
    var millis = holdOff.isZero() ? 0 : Durations.millis(holdOff);
    return invocation(Script.FORGET, mutation.key(), List.of(Invocation.text(millis)));
  }

  private Invocation invocation(Script script, String key, List<byte[]> arguments) {
    return new Invocation(script, request.keyspace(), key, arguments);
  }

  private List<byte[]> put(Mutation.Put put, long now) {
    var expected = put.condition() instanceof Condition.IfVersion exact ? exact.version() : 0;
    return List.of(
        envelope(put.key(), put.entry()),
        timeToLive(put.entry(), now),
        Invocation.number(now),
        Invocation.text(name(put.condition())),
        Invocation.number(expected));
  }

  private List<byte[]> fill(Mutation.Fill fill, long now) {
    return List.of(
        envelope(fill.key(), fill.entry()),
        timeToLive(fill.entry(), now),
        Invocation.number(fill.condition().token()));
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
    return Invocation.text(Durations.millis(Math.max(left, retention)));
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
      case "stored" -> new WriteOutcome.Stored(version(mutation));
      case "rejected" -> new WriteOutcome.Rejected(reply.version());
      default -> new WriteOutcome.Failed(backend.failures.unexpectedAcknowledgement());
    };
  }

  private static long version(Mutation mutation) {
    if (mutation instanceof Mutation.Put put) {
      return put.entry().version();
    }
    return mutation instanceof Mutation.Fill fill ? fill.entry().version() : 0;
  }
}
