package dev.tiercel.redis;

import dev.tiercel.backend.Completions;
import dev.tiercel.time.Time;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.protocol.RedisCommand;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links before the one in use. Some of what they have sent may still be in the network, and
 * Redis would run it when it arrives; so each new link has Redis end them before it is used, and
 * asks who it is, for the next.
 *
 * <p>Best effort: a Redis before 6.2, or one that does not allow it, is used all the same.
 * Thread-safe.
 */
final class Predecessors {

  /**
   * A link, as Redis knows it.
   *
   * @param id its number
   * @param address where it comes from
   */
  private record Identity(String id, String address) {}

  private static final Logger LOG = LoggerFactory.getLogger(Predecessors.class);
  private static final Pattern ID = Pattern.compile("(?:^| )id=(\\d+)");
  private static final Pattern ADDRESS = Pattern.compile(" addr=(\\S+)");
  private static final int MOST = 64;

  private final Duration limit;
  private final Time time;
  private final ConcurrentLinkedDeque<Identity> former = new ConcurrentLinkedDeque<>();

  /**
   * No links yet.
   *
   * @param limit how long the introduction of a link may take
   * @param time sets the timers
   */
  Predecessors(Duration limit, Time time) {
    this.limit = limit;
    this.time = time;
  }

  /** The link, once its predecessors have ended; fails, and ends it, if it is lost meanwhile. */
  CompletableFuture<Link> introduce(Link link) {
    var introduced = new CompletableFuture<Link>();
    var timer = time.schedule(
        limit,
        () -> introduced.completeExceptionally(
            new RedisCommandTimeoutException("connection: no answer within " + limit)));
    Completions.onEnd(introduced, (done, failure) -> {
      timer.cancel();
      if (failure != null) {
        Completions.onEnd(link.close(), (closed, ignored) -> {});
      }
    });
    endAll(link, List.copyOf(former).iterator(), introduced);
    return introduced;
  }

  /** One after the other, since even the smallest queue takes one. */
  private void endAll(Link link, Iterator<Identity> known, CompletableFuture<Link> introduced) {
    if (known.hasNext()) {
      var next = known.next();
      ask(link, FeedCommands.kill(next.id, next.address), introduced, answer -> {
        former.remove(next);
        endAll(link, known, introduced);
      });
    } else {
      ask(link, FeedCommands.whoAmI(), introduced, answer -> {
        remember(identity(answer));
        introduced.complete(link);
      });
    }
  }

  /** Sends a command and goes on when Redis has answered at all, be it with a refusal. */
  private static void ask(
      Link link,
      RedisCommand<byte[], byte[], List<byte[]>> command,
      CompletableFuture<Link> introduced,
      Consumer<Answer> then) {
    var call = link.send(List.of(command)).get(0);
    Completions.onEnd(call.toCompletableFuture(), (reply, failure) -> {
      var answer = Answer.of(call);
      var lost = answer.failure();
      if (lost == null || lost instanceof RedisCommandExecutionException) {
        then.accept(answer);
      } else {
        introduced.completeExceptionally(lost);
      }
    });
  }

  private void remember(@Nullable Identity identity) {
    if (identity == null) {
      LOG.debug("redis: does not tell who a connection is, so none is ended by its successor");
      return;
    }
    former.addLast(identity);
    while (former.size() > MOST) {
      former.pollFirst();
    }
  }

  private static @Nullable Identity identity(Answer answer) {
    var reply = answer.reply();
    if (reply == null || reply.isEmpty() || reply.get(0) == null) {
      return null;
    }
    var text = new String(reply.get(0), StandardCharsets.UTF_8);
    var id = ID.matcher(text);
    var address = ADDRESS.matcher(text);
    return id.find() && address.find() ? new Identity(id.group(1), address.group(1)) : null;
  }
}
