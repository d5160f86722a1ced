package dev.tiercel.tier;

import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.WriteOutcome;
import dev.tiercel.backend.WriteResult;
import dev.tiercel.error.ServingException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the remote tier is told of keys in doubt: to forget what is not to be believed, or the mark
 * that it was not told of, which says as much and more; or both.
 *
 * @param mutations one or two for each key
 */
record Amends(List<Mutation> mutations) {

  static Amends of(TieredBackend tiers, Collection<String> keys) {
    var mutations = new ArrayList<Mutation>(keys.size());
    keys.forEach(key -> add(tiers, key, mutations));
    return new Amends(mutations);
  }

  private static void add(TieredBackend tiers, String key, List<Mutation> mutations) {
    var doubts = tiers.distrust;
    var holdOff = doubts.holdOff(key);
    var below = doubts.below(key);
    var retention = doubts.markRetention(key);
    var mark = retention.isZero() ? 0 : doubts.mark(key);
    if (mark == 0 || mark < below || !holdOff.isZero()) {
      mutations.add(new Mutation.Forget(key, holdOff, below));
    }
    if (mark > 0) {
      mutations.add(tiers.heldOff(new Mutation.Mark(key, mark, retention)));
    }
  }

  /** The keys that could not be told all of it, each with why. */
  Map<String, ServingException> failures(WriteResult result) {
    var failures = new HashMap<String, ServingException>();
    for (var index = 0; index < mutations.size(); index++) {
      if (result.outcomes().get(index) instanceof WriteOutcome.Failed failed) {
        failures.putIfAbsent(mutations.get(index).key(), failed.cause());
      }
    }
    return failures;
  }
}
