package dev.tiercel.tier;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.Tier;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One write on its way: first the source, which decides, then the remote tier, which is told.
 *
 * <p>What the remote tier is told depends on what became of the mutation at the source:
 *
 * <ul>
 *   <li>stored under a condition that orders versions: the new entry, if newer than what it holds;
 *   <li>stored by a source without versions, or over whatever there was: to forget the key, since
 *       nothing orders two writers' entries;
 *   <li>outcome unknown: to forget the key and let nobody fill it for a while;
 *   <li>rejected or failed: nothing.
 * </ul>
 *
 * <p>The writer waits for the remote tier as a reader would, for a part of the time it has left,
 * and no longer: the source has decided. The remote tier is told all the same, in its own time.
 * Once begun, a write runs to its end, whether or not anybody still waits.
 */
final class TieredWrite {

  private final TieredBackend tiers;
  private final WriteRequest request;
  private final CallContext context;
  private final CompletableFuture<WriteResult> answer = new CompletableFuture<>();

  TieredWrite(TieredBackend tiers, WriteRequest request, CallContext context) {
    this.tiers = tiers;
    this.request = request;
    this.context = context;
  }

  CompletableFuture<WriteResult> run() {
    if (isOfTheRemoteTier(request.mutations().get(0))) {
      Completions.onEnd(
          tell(request.mutations(), context.deadline()),
          (result, failure) -> Completions.end(answer, result, failure));
    } else {
      Completions.onEnd(tiers.source.write(request, context), (result, failure) -> {
        if (result == null) {
          Completions.end(answer, null, failure);
        } else {
          decided(result);
        }
      });
    }
    return answer;
  }

  /** Tells the remote tier alone. */
  CompletableFuture<WriteResult> tell() {
    return tell(request.mutations().stream().map(this::asCopy).toList(), context.deadline());
  }

  private Mutation asCopy(Mutation news) {
    return news instanceof Mutation.Put put
        ? new Mutation.Put(put.key(), tiers.remoteCopy(put.entry()), put.condition())
        : news;
  }

  private static boolean isOfTheRemoteTier(Mutation mutation) {
    return mutation instanceof Mutation.Forget || mutation instanceof Mutation.Mark;
  }

  private void decided(WriteResult result) {
    var news = new ArrayList<Mutation>();
    for (var index = 0; index < result.outcomes().size(); index++) {
      if (request.mutations().get(index) instanceof Mutation.Put put) {
        collectNews(put, result.outcomes().get(index), news);
      }
    }
    if (news.isEmpty()) {
      answer.complete(result);
    } else {
      tellAndWait(news, result);
    }
  }

  private void collectNews(Mutation.Put put, WriteOutcome outcome, List<Mutation> news) {
    if (outcome instanceof WriteOutcome.Stored stored) {
      var entry = put.entry().withVersion(stored.version());
      news.add(
          tiers.versioned && !put.condition().equals(Condition.ALWAYS)
              ? new Mutation.Put(put.key(), tiers.remoteCopy(entry), Condition.IF_NEWER)
              : new Mutation.Forget(put.key(), Duration.ZERO));
    } else if (outcome instanceof WriteOutcome.Failed failed
        && failed.cause() instanceof OutcomeUnknown) {
      news.add(new Mutation.Forget(put.key(), tiers.policy.holdOff()));
    }
  }

  private void tellAndWait(List<Mutation> news, WriteResult result) {
    var patience = tiers.remoteContext(context).deadline();
    var told = tell(news, Deadline.after(tiers.policy.timeout(), tiers.time));
    Completions.onEnd(told, (done, failure) -> answer.complete(result));
    if (answer.isDone()) {
      return;
    }
    var timer = tiers.time.schedule(patience.remaining(), () -> {
      if (!told.isDone()) {
        // From here on a reader of this process may meet the old copy.
        news.forEach(tiers::doubt);
        answer.complete(result);
      }
    });
    Completions.onEnd(answer, (done, failure) -> timer.cancel());
  }

  private CompletableFuture<WriteResult> tell(List<Mutation> told, Deadline deadline) {
    var stamp = tiers.distrust.stamp();
    var news = told.stream().map(tiers::heldOff).toList();
    var sent =
        tiers.writeRemote(new WriteRequest(request.keyspace(), news), CallContext.of(deadline));
    return sent.thenApply(result -> {
      for (var index = 0; index < news.size(); index++) {
        remember(news.get(index), result.outcomes().get(index), stamp);
      }
      return result;
    });
  }

  /** A remote tier that was told is believed again; one that may not have heard is not. */
  private void remember(Mutation news, WriteOutcome outcome, long stamp) {
    if (outcome instanceof WriteOutcome.Failed failed) {
      tiers.doubt(news);
      tiers.listener.onTierFailure(request.keyspace(), Tier.REMOTE, failed.cause());
    } else {
      believe(news, stamp);
    }
  }

  private void believe(Mutation news, long stamp) {
    var distrust = tiers.distrust;
    if (news instanceof Mutation.Put put) {
      distrust.clearUpTo(put.key(), put.entry().version(), stamp);
    } else if (news instanceof Mutation.Mark mark) {
      // A copy as new has stayed: what else the remote tier was not told, it still has not heard.
      distrust.clearUpTo(mark.key(), mark.version(), Long.MIN_VALUE);
    } else if (distrust.mark(news.key()) > 0) {
      // What is old has gone, but the mark has yet to be told: it stays in doubt until it is.
      return;
    } else if (news instanceof Mutation.Forget forget && !forget.isOfAnyCopy()) {
      distrust.clearUpTo(forget.key(), forget.below(), stamp);
    } else {
      distrust.clearRaisedBefore(news.key(), stamp);
    }
  }
}
