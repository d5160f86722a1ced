package dev.tiercel.tier;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Condition;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.Tier;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.error.OutcomeUnknown;
import dev.tiercel.error.ServingException;
import dev.tiercel.time.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;

/**
 * One write on its way: first the source, which decides, then the remote tier, which is told.
 *
 * <p>What the remote tier is told depends on what became of the mutation at the source:
 *
 * <ul>
 *   <li>stored with a version: the new entry, if newer than what it holds;
 *   <li>stored by a source without versions: to forget the key, since nothing orders two writers' entries;
 *   <li>outcome unknown: to forget the key and let nobody fill it for a while;
 *   <li>rejected or failed: nothing.
 * </ul>
 *
 * <p>Once begun it runs to its end, whether or not anybody still waits.
 */
final class TieredWrite {

  private final TieredBackend tiers;
  private final WriteRequest request;
  private final CallContext context;

  TieredWrite(TieredBackend tiers, WriteRequest request, CallContext context) {
    this.tiers = tiers;
    this.request = request;
    this.context = context;
  }

  CompletableFuture<WriteResult> run() {
    var answer = new CompletableFuture<WriteResult>();
    if (request.mutations().get(0) instanceof Mutation.Forget) {
      tellRemote(new ArrayList<>(request.mutations()), answer);
    } else {
      tiers.source
          .write(request, context)
          .whenComplete((result, failure) -> tellRemote(result, answer));
    }
    return answer;
  }

  private void tellRemote(WriteResult result, CompletableFuture<WriteResult> answer) {
    var news = new ArrayList<Mutation>();
    for (var index = 0; index < result.outcomes().size(); index++) {
      var outcome = result.outcomes().get(index);
      if (request.mutations().get(index) instanceof Mutation.Put put) {
        if (outcome instanceof WriteOutcome.Stored stored) {
          news.add(stored(put, stored.version()));
        } else if (isUnknown(outcome)) {
          news.add(new Mutation.Forget(put.key(), tiers.policy.holdOff()));
        }
      }
    }
    if (news.isEmpty()) {
      answer.complete(result);
    } else {
      tellRemote(news, new CompletableFuture<WriteResult>())
          .whenComplete((told, failure) -> answer.complete(result));
    }
  }

  private Mutation stored(Mutation.Put put, long version) {
    return tiers.versioned
        ? new Mutation.Put(
            put.key(), tiers.remoteCopy(put.entry().withVersion(version)), Condition.IF_NEWER)
        : new Mutation.Forget(put.key(), Duration.ZERO);
  }

  private CompletableFuture<WriteResult> tellRemote(
      ArrayList<Mutation> news, CompletableFuture<WriteResult> answer) {
    var stamp = tiers.distrust.stamp();
    tiers.remote
        .write(new WriteRequest(request.keyspace(), news), tiers.remoteContext(context))
        .whenComplete(
            (result, failure) -> {
              for (var index = 0; index < news.size(); index++) {
                remember(news.get(index), result.outcomes().get(index), stamp);
              }
              answer.complete(result);
            });
    return answer;
  }

  /** A remote tier that was told is believed again; one that may not have heard is not. */
  private void remember(Mutation news, WriteOutcome outcome, long stamp) {
    var version = news instanceof Mutation.Put put ? put.entry().version() : Version.NONE;
    if (outcome instanceof WriteOutcome.Failed failed) {
      tiers.distrust.add(news.key(), version);
      report(failed.cause());
    } else if (news instanceof Mutation.Put) {
      tiers.distrust.clearUpTo(news.key(), version);
    } else {
      tiers.distrust.clearRaisedBefore(news.key(), stamp);
    }
  }

  private void report(ServingException cause) {
    tiers.listener.onTierFailure(request.keyspace(), Tier.REMOTE, cause);
  }

  private static boolean isUnknown(WriteOutcome outcome) {
    return outcome instanceof WriteOutcome.Failed failed && failed.cause() instanceof OutcomeUnknown;
  }
}
