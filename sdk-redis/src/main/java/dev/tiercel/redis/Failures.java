package dev.tiercel.redis;

import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.Overloaded;
import dev.tiercel.error.ServingException;
import dev.tiercel.error.Throttled;
import dev.tiercel.error.Unavailable;
import dev.tiercel.error.Where;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts what Redis and its client say into the vocabulary of failures. Redis may repeat a command's
 * arguments, which are keys, values and passwords, so only the code of its error is passed on.
 */
final class Failures {

  /**
   * Codes with which Redis refuses a command before it has done anything. {@code OOM} is among them
   * and is neither {@code Overloaded}, which says "refused here", nor {@code Throttled}: asking
   * less often does not give Redis memory, and what it holds it still answers.
   */
  private static final Set<String> NOTHING_DONE = Set.of(
      "ASK",
      "BUSY",
      "CLUSTERDOWN",
      "CROSSSLOT",
      "DENIED",
      "LOADING",
      "MASTERDOWN",
      "MAXCLIENTS",
      "MISCONF",
      "MOVED",
      "NOAUTH",
      "NOPERM",
      "NOREPLICAS",
      "NOSCRIPT",
      "OOM",
      "READONLY",
      "TRYAGAIN",
      "UNBLOCKED",
      "WRONGPASS");

  /** Codes that say "not now". */
  private static final Set<String> PASSING =
      Set.of("BUSY", "CLUSTERDOWN", "LOADING", "MASTERDOWN", "MAXCLIENTS", "TRYAGAIN");

  /**
   * Codes with which a Redis that is well asks for less. The others of those that pass are no such
   * push-back: it serves nothing meanwhile, and whoever watches it shall see it fail.
   */
  private static final Set<String> PUSH_BACK = Set.of("TRYAGAIN");

  /** Redis has no code of its own for this. */
  private static final String TOO_MANY_CLIENTS = "max number of clients";

  /** A code at the beginning, or inside the message of a script that ran into the error. */
  private static final Pattern CODE = Pattern.compile("(?:^|[ :]-)([A-Z]{3,})\\b");

  private static final String UNEXPECTED = "reply: of another shape (expected: the script's)";

  private final Where where;

  Failures(Where where) {
    this.where = where;
  }

  /** Where the failures are. */
  Where where() {
    return where;
  }

  /** What a read that failed is told. */
  ServingException ofRead(Throwable failure) {
    if (failure instanceof ServingException typed) {
      return typed;
    }
    return refused(failure);
  }

  /**
   * What a write that failed is told.
   *
   * @param mayHaveRun whether the command may have reached Redis
   */
  ServingException ofWrite(Throwable failure, boolean mayHaveRun) {
    if (failure instanceof ServingException typed) {
      return typed;
    }
    var nothingDone = failure instanceof RedisCommandExecutionException
        ? NOTHING_DONE.contains(code(failure))
        : !mayHaveRun;
    return nothingDone
        ? refused(failure)
        : new OutcomeUnknown(what(failure), where, showable(failure));
  }

  /** What those are told who waited for a connection. */
  ServingException ofConnecting(@Nullable Throwable failure) {
    var root = failure;
    while (root != null
        && root.getCause() != null
        && !(root instanceof RedisCommandExecutionException)) {
      root = root.getCause();
    }
    var why = root instanceof RedisCommandExecutionException
        ? code(root)
        : root == null ? "" : root.getClass().getSimpleName();
    return unavailable(
        "connection: failed with " + why + " (expected: a Redis that answers)", root);
  }

  /** There is no connection, and it is too early for the next attempt. */
  Unavailable disconnected() {
    return unavailable("connection: lost (expected: a Redis that answers)", null);
  }

  Unavailable closed() {
    return unavailable("backend: closed (expected: open)", null);
  }

  Overloaded queueFull(int limit) {
    return new Overloaded("commands in the queue: " + limit + " (expected: fewer)", where, null);
  }

  /** The feed may have missed something, so it answers nothing. */
  Unavailable interrupted() {
    return unavailable("feed: interrupted (expected: connected)", null);
  }

  /** A replica has not shown that it is close enough to its primary. */
  Unavailable behind(Duration maxLag) {
    var most = maxLag.toMillis() + " ms";
    return unavailable(
        "replica: behind by more than " + most + " (expected: at most " + most + ")", null);
  }

  DeadlineExceeded deadlinePassed() {
    return new DeadlineExceeded("deadline: passed (expected: an answer before)", where, null);
  }

  /** Whether a command met a key of another type than it is for. */
  boolean isOfAnotherType(Throwable failure) {
    return failure instanceof RedisCommandExecutionException && code(failure).equals("WRONGTYPE");
  }

  /**
   * The code with which Redis says that it will not do something at all; null if it was merely not
   * able to, or has not answered.
   */
  @Nullable
  String refusal(Throwable failure) {
    for (var root = failure; root != null; root = root.getCause()) {
      if (root instanceof RedisCommandExecutionException) {
        var code = code(root);
        return PASSING.contains(code) ? null : code;
      }
    }
    return null;
  }

  /**
   * Why a read has no reply of the kind it expects.
   *
   * @param failure what its command failed with; null if Redis has answered, but something else
   */
  ServingException ofReply(@Nullable Throwable failure) {
    return failure == null ? unexpectedReply() : ofRead(failure);
  }

  /** Redis has answered a read, but with something else. */
  Unavailable unexpectedReply() {
    return unavailable(UNEXPECTED, null);
  }

  /** Redis has answered a write, but with something else. */
  OutcomeUnknown unexpectedAcknowledgement() {
    return new OutcomeUnknown(UNEXPECTED, where, null);
  }

  /** A failure after which nothing was done. */
  private ServingException refused(Throwable failure) {
    var what = what(failure);
    return failure instanceof RedisCommandExecutionException && PUSH_BACK.contains(code(failure))
        ? new Throttled(what, where, null)
        : unavailable(what, failure);
  }

  private Unavailable unavailable(String what, @Nullable Throwable cause) {
    return new Unavailable(what, where, cause == null ? null : showable(cause));
  }

  private static String what(Throwable failure) {
    if (failure instanceof RedisCommandExecutionException) {
      return "error: " + code(failure) + " (expected: a reply)";
    }
    var isLoss = failure instanceof RedisException
        || failure instanceof IOException
        || failure instanceof CancellationException;
    return isLoss
        ? "connection: lost before the reply (expected: a reply)"
        : "client: failed with " + failure.getClass().getSimpleName() + " (expected: a reply)";
  }

  private static String code(Throwable failure) {
    var message = failure.getMessage() == null ? "" : failure.getMessage();
    if (message.contains(TOO_MANY_CLIENTS)) {
      return "MAXCLIENTS";
    }
    var codes = CODE.matcher(message);
    var code = "ERR";
    while ("ERR".equals(code) && codes.find()) {
      code = codes.group(1);
    }
    return code;
  }

  private static @Nullable Throwable showable(Throwable failure) {
    return failure instanceof RedisCommandExecutionException ? null : failure;
  }
}
