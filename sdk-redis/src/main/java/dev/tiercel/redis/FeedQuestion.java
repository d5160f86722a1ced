package dev.tiercel.redis;

import dev.tiercel.error.ServingException;
import io.lettuce.core.protocol.RedisCommand;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Something asked on a feed's connection.
 *
 * @param <R> what is made of the answers
 */
final class FeedQuestion<R> {

  private final List<? extends RedisCommand<byte[], byte[], List<byte[]>>> commands;
  private final Function<List<Answer>, R> read;
  private final CompletableFuture<R> answer = new CompletableFuture<>();

  /**
   * A question that is not asked yet.
   *
   * @param commands what to send
   * @param read makes the result of the answers; throws a {@link ServingException} if it cannot
   */
  FeedQuestion(
      List<? extends RedisCommand<byte[], byte[], List<byte[]>>> commands,
      Function<List<Answer>, R> read) {
    this.commands = commands;
    this.read = read;
  }

  CompletableFuture<R> answer() {
    return answer;
  }

  /** Asks, unless the question has been settled meanwhile. */
  void ask(FeedLine line, RedisFeed feed) {
    if (!answer.isDone()) {
      line.send(commands, answers -> {
        if (feed.isInUse(line)) {
          settle(answers);
        } else {
          // What came in just before the line was given up may have been overtaken.
          fail(feed.interruption());
        }
      });
    }
  }

  void fail(ServingException cause) {
    answer.completeExceptionally(cause);
  }

  private void settle(List<Answer> answers) {
    try {
      answer.complete(read.apply(answers));
    } catch (ServingException failure) {
      fail(failure);
    }
  }
}
