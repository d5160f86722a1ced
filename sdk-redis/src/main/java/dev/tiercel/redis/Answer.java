package dev.tiercel.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisNoScriptException;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * How one command ended.
 *
 * @param reply what Redis answered, null if it failed; its elements may be null
 * @param failure why there is no reply, null if there is one
 * @param mayHaveRun whether the command may have reached Redis
 */
record Answer(@Nullable List<byte[]> reply, @Nullable Throwable failure, boolean mayHaveRun) {

  /** The end of a call that is done. */
  static Answer of(RedisCall call) {
    try {
      return new Answer(call.join(), null, true);
    } catch (CompletionException failed) {
      return new Answer(
          null, failed.getCause() == null ? failed : failed.getCause(), call.mayHaveRun());
    } catch (RuntimeException cancelled) {
      return new Answer(null, cancelled, call.mayHaveRun());
    }
  }

  /** Whether Redis has answered, if only that it will not. */
  boolean isFromRedis() {
    return failure == null || failure instanceof RedisCommandExecutionException;
  }

  /** Whether Redis did not know the script, and so ran nothing. */
  boolean isUnknownScript() {
    return failure instanceof RedisNoScriptException;
  }
}
