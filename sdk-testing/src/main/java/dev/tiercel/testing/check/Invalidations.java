package dev.tiercel.testing.check;

import dev.tiercel.testing.check.Frontier.Mark;
import dev.tiercel.testing.check.Operation.Barrier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The acknowledged invalidations, ranked by their beginning: copies from before it are dead. */
final class Invalidations {

  private final Map<Scope, Frontier<Barrier>> everybodys = new HashMap<>();
  private final Map<Owner, Frontier<Barrier>> own = new HashMap<>();

  private record Owner(int process, Scope scope) {}

  Invalidations(List<Barrier> barriers) {
    var byScope = new HashMap<Scope, List<Mark<Barrier>>>();
    var byOwner = new HashMap<Owner, List<Mark<Barrier>>>();
    for (var barrier : barriers) {
      if (barrier.outcome() instanceof Outcome.Acknowledged) {
        var mark = new Mark<>(barrier.endNanos(), barrier.startNanos(), barrier);
        var owner = new Owner(barrier.process(), barrier.scope());
        byOwner.computeIfAbsent(owner, any -> new ArrayList<>()).add(mark);
        if (!(barrier.scope() instanceof Scope.Key)) {
          byScope.computeIfAbsent(barrier.scope(), any -> new ArrayList<>()).add(mark);
        }
      }
    }
    byScope.forEach((scope, marks) -> everybodys.put(scope, Frontier.of(marks)));
    byOwner.forEach((owner, marks) -> own.put(owner, Frontier.of(marks)));
  }

  /**
   * Of a process's invalidations that had ended before a moment, one that began after another
   * moment and reaches any of the scopes; null if there is none.
   */
  @Nullable
  Barrier ownBetween(int process, List<Scope> scopes, long beganAfter, long endedBefore) {
    for (var scope : scopes) {
      var found = late(own.get(new Owner(process, scope)), beganAfter, endedBefore);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** The same of any process's invalidations that bind the others. */
  @Nullable
  Barrier anyBetween(List<Scope> scopes, long beganAfter, long endedBefore) {
    for (var scope : scopes) {
      var found = late(everybodys.get(scope), beganAfter, endedBefore);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static @Nullable Barrier late(
      @Nullable Frontier<Barrier> frontier, long beganAfter, long endedBefore) {
    var mark = frontier == null ? null : frontier.before(endedBefore);
    return mark != null && mark.rank() > beganAfter ? mark.what() : null;
  }
}
