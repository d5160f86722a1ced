package dev.tiercel;

import dev.tiercel.backend.Barriers;
import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Freshness;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.ReadRequest;
import dev.tiercel.backend.Tier;
import dev.tiercel.error.CodecFailure;
import dev.tiercel.error.DeadlineExceeded;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.tier.InFlightTable;
import dev.tiercel.tier.InFlightTable.Load;
import dev.tiercel.tier.LocalEntry;
import dev.tiercel.tier.LocalTier;
import dev.tiercel.tier.Tiers;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Time;
import dev.tiercel.time.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The read path of a keyspace: the local tier, then the load of the key that is under way or a new
 * one, which asks the tiers below, decodes once and fills the local tier if its fence still stands.
 */
final class Reader<K, V> {

  private final String keyspace;
  private final Keys<K> keys;
  private final Tiers below;
  private final LocalTier<K, V> local;
  private final InFlightTable<K, LocalEntry<V>> loads;
  private final LocalEntries<V> entries;
  private final ServingListener listener;
  private final Time time;
  private final Freshness byDefault;
  private final Duration loadTime;

  Reader(
      KeyspaceSpec<K, V> spec,
      Keys<K> keys,
      Tiers below,
      LocalTier<K, V> local,
      InFlightTable<K, LocalEntry<V>> loads,
      LocalEntries<V> entries,
      ServingListener listener,
      Time time) {
    this.keyspace = spec.name;
    this.keys = keys;
    this.below = below;
    this.local = local;
    this.loads = loads;
    this.entries = entries;
    this.listener = listener;
    this.time = time;
    this.byDefault = new Freshness(0, spec.maxStaleness);
    this.loadTime = spec.deadline;
  }

  /**
   * How fresh the answer to a call must be: the keyspace's bound, made stricter by the call's
   * options.
   */
  Freshness freshness(ReadOptions options) {
    if (options.maxStaleness() == null && options.atLeast() == 0) {
      return byDefault;
    }
    var bound = options.maxStaleness();
    if (bound == null || bound.compareTo(byDefault.maxAge()) > 0) {
      bound = byDefault.maxAge();
    }
    return new Freshness(options.atLeast(), bound);
  }

  /** What the local tier holds of a key, if that is fresh enough, else null. */
  @SuppressWarnings("ReferenceEquality") // spares the comparison where nothing was asked for
  @Nullable
  LocalEntry<V> hit(K key, Freshness freshness) {
    if (freshness == byDefault) {
      // An entry lives no longer here than the keyspace's own bound allows.
      return local.get(key);
    }
    var hit = freshness.consistent() ? null : local.get(key);
    return hit != null && hit.satisfies(freshness, time.nanos()) ? hit : null;
  }

  /**
   * Reads keys anew in the background, past the local tier; a key that is being loaded already is
   * left to that load.
   */
  List<CompletableFuture<LocalEntry<V>>> refresh(List<K> wanted, Freshness freshness) {
    var deadline = Deadline.after(loadTime, time);
    var opened = new ArrayList<Load<K, LocalEntry<V>>>();
    var answers = new ArrayList<CompletableFuture<LocalEntry<V>>>(wanted.size());
    for (var key : wanted) {
      var ticket = loads.join(key, local::fence, deadline);
      if (ticket.opened()) {
        opened.add(ticket.load());
      }
      answers.add(waitFor(ticket.load()));
    }
    begin(opened, freshness, deadline);
    return answers;
  }

  /**
   * Reads keys, each by itself; the futures are in the order of the keys, and each may be
   * cancelled.
   */
  List<CompletableFuture<LocalEntry<V>>> read(
      List<K> wanted, Freshness freshness, Deadline deadline) {
    var answers = new ArrayList<CompletableFuture<LocalEntry<V>>>(wanted.size());
    var opened = new ArrayList<Load<K, LocalEntry<V>>>();
    for (var key : wanted) {
      var hit = hit(key, freshness);
      if (hit != null) {
        answers.add(CompletableFuture.completedFuture(hit));
      } else if (freshness.equals(byDefault)) {
        answers.add(shared(key, deadline, opened));
      } else {
        answers.add(alone(key, freshness, deadline, opened));
      }
    }
    begin(opened, freshness, deadline);
    return answers;
  }

  private void begin(List<Load<K, LocalEntry<V>>> opened, Freshness freshness, Deadline patience) {
    try {
      start(opened, freshness, patience);
    } catch (RuntimeException | Error thrown) {
      // A key's format that fails the second time, say: whoever joined hears of it, and nobody
      // joins a load that never began.
      opened.forEach(load -> loads.fail(load, Calls.unwrapped(thrown)));
    }
  }

  /** A load that only this call waits for: what it asks for is more than others need. */
  private CompletableFuture<LocalEntry<V>> alone(
      K key, Freshness freshness, Deadline deadline, List<Load<K, LocalEntry<V>>> opened) {
    var load = Load.<K, LocalEntry<V>>alone(key, local.fence(key), deadline);
    opened.add(load);
    var answer = new CompletableFuture<LocalEntry<V>>();
    var waiting = waitFor(load);
    Completions.onEnd(waiting, (entry, failure) -> answer(answer, key, freshness, entry, failure));
    Completions.passCancel(answer, waiting);
    return answer;
  }

  /** The load that is under way, or a new one that others may join. */
  private CompletableFuture<LocalEntry<V>> shared(
      K key, Deadline deadline, List<Load<K, LocalEntry<V>>> opened) {
    var longest = Deadline.after(loadTime, time);
    var ticket = loads.join(key, local::fence, deadline.isAfter(longest) ? deadline : longest);
    if (ticket.opened()) {
      opened.add(ticket.load());
    }
    var answer = new CompletableFuture<LocalEntry<V>>();
    var waiting = waitFor(ticket.load());
    Completions.onEnd(waiting, (entry, failure) -> {
      if (failure != null && isLate(failure) && deadline.isAfter(ticket.load().deadline())) {
        // The load was opened by a reader with less time than this one has.
        again(answer, read(List.of(key), byDefault, deadline).get(0));
      } else {
        answer(answer, key, byDefault, entry, failure);
      }
    });
    Completions.passCancel(answer, waiting);
    answerInTime(answer, key, deadline, ticket.load().deadline());
    return answer;
  }

  /** A load that failed: what is here may be served to this reader all the same, labelled. */
  private void answer(
      CompletableFuture<LocalEntry<V>> answer,
      K key,
      Freshness freshness,
      @Nullable LocalEntry<V> entry,
      @Nullable Throwable failure) {
    var stale = failure == null ? null : staleIfError(key, freshness, failure);
    if (stale == null) {
      Completions.end(answer, entry, failure);
    } else {
      answer.complete(stale);
    }
  }

  private @Nullable LocalEntry<V> staleIfError(K key, Freshness freshness, Throwable failure) {
    return Calls.unwrapped(failure) instanceof CodecFailure ? null : staleIfError(key, freshness);
  }

  private @Nullable LocalEntry<V> staleIfError(K key, Freshness freshness) {
    if (freshness.consistent()) {
      return null;
    }
    var hit = hit(key, freshness);
    if (hit != null) {
      // It came in meanwhile.
      return hit;
    }
    var stale = local.staleIfError(key);
    return stale != null && stale.satisfies(freshness, time.nanos()) ? stale : null;
  }

  /** Who has less time than the load it joined is served what is here when that is up. */
  private void answerInTime(
      CompletableFuture<LocalEntry<V>> answer, K key, Deadline deadline, Deadline load) {
    if (answer.isDone() || !load.isAfter(deadline) || local.staleIfError(key) == null) {
      return;
    }
    var timer = time.schedule(deadline.remaining(), () -> {
      var stale = staleIfError(key, byDefault);
      if (stale != null) {
        answer.complete(stale);
      }
    });
    Completions.onEnd(answer, (entry, failure) -> timer.cancel());
  }

  private static <T> void again(CompletableFuture<T> answer, CompletableFuture<T> next) {
    Completions.onEnd(next, (entry, failure) -> Completions.end(answer, entry, failure));
    Completions.passCancel(answer, next);
  }

  /**
   * A reader's own view of a load: to cancel it is to leave the load, which goes on for the others.
   */
  private CompletableFuture<LocalEntry<V>> waitFor(Load<K, LocalEntry<V>> load) {
    var own = load.result().copy();
    Completions.onEnd(own, (entry, failure) -> loads.leave(load));
    return own;
  }

  /**
   * Asks the tiers below for all the loads at once. The request is cancelled when every load of it
   * has been left.
   */
  private void start(List<Load<K, LocalEntry<V>>> opened, Freshness freshness, Deadline patience) {
    if (opened.isEmpty()) {
      return;
    }
    var texts = opened.stream().map(load -> keys.text(load.key())).toList();
    var request = new ReadRequest(keyspace, texts, freshness, Duration.ZERO);
    var context = CallContext.of(opened.get(0).deadline());
    var sent = below.read(
        request,
        context,
        patience,
        (index, outcome) -> settle(opened.get(index), texts.get(index), freshness, outcome, false));
    Completions.onEnd(sent, (result, failure) -> {
      if (failure != null) {
        opened.forEach(load -> loads.fail(load, Calls.unwrapped(failure)));
      }
    });
    var left = new AtomicInteger(opened.size());
    for (var load : opened) {
      Completions.onEnd(load.result(), (entry, failure) -> {
        if (left.decrementAndGet() == 0) {
          sent.cancel(true);
        }
      });
    }
  }

  /**
   * A load has found its outcome.
   *
   * @param last whether that is the source's last word
   */
  private void settle(
      Load<K, LocalEntry<V>> load,
      String text,
      Freshness freshness,
      ReadOutcome outcome,
      boolean last) {
    try {
      settled(load, text, freshness, outcome, last);
    } catch (RuntimeException | Error unexpected) {
      loads.fail(load, Calls.unwrapped(unexpected));
    }
  }

  private void settled(
      Load<K, LocalEntry<V>> load,
      String text,
      Freshness freshness,
      ReadOutcome outcome,
      boolean last) {
    if (outcome instanceof ReadOutcome.Found found) {
      cache(load, text, freshness, found.entry(), found.origin(), last);
    } else if (outcome instanceof ReadOutcome.Absent absent) {
      var tombstone = absent.tombstone();
      var seen = last || below.isSettledBySource() ? 0 : local.seenAndNotOver(load.key());
      if (tombstone == null && seen > 0) {
        askSource(load, text, freshness, seen);
      } else if (tombstone == null) {
        absent(load, absent.origin());
      } else {
        cache(load, text, freshness, tombstone, absent.origin(), last);
      }
    } else if (outcome instanceof ReadOutcome.Failed failed) {
      loads.fail(load, failed.cause());
    }
  }

  /** Nothing is kept of it. What is here goes, unless the source may just not have heard of it. */
  private void absent(Load<K, LocalEntry<V>> load, Origin origin) {
    var held =
        origin.isCacheable() ? local.fillAbsent(load.key(), load.fence()) : local.get(load.key());
    loads.complete(load, held == null ? entries.absent(origin) : held);
  }

  private void cache(
      Load<K, LocalEntry<V>> load,
      String text,
      Freshness freshness,
      EncodedEntry encoded,
      Origin origin,
      boolean last) {
    LocalEntry<V> entry;
    try {
      entry = entries.of(text, encoded, origin);
    } catch (CodecFailure unreadable) {
      if (origin.tier() == Tier.SOURCE) {
        loads.fail(load, unreadable);
      } else {
        listener.onUnreadable(keyspace, origin.tier(), "value");
        askSource(load, text, freshness, Version.MAX);
      }
      return;
    }
    if (!last && origin.tier() != Tier.SOURCE && local.isDead(load.key(), entry)) {
      askBeyond(load, text, freshness, local.barrier(load.key(), entry));
      return;
    }
    if (!last && isOutdated(load.key(), entry, origin)) {
      askSource(load, text, freshness, local.seen(load.key()));
      return;
    }
    if (!origin.isCacheable()) {
      // The feed may have told of a newer one already, and would not tell again.
      local.see(load.key(), entry);
    } else if (!local.fill(load.key(), entry, load.fence())) {
      listener.onFillRefused(keyspace, Tier.LOCAL);
    }
    // Somebody may have been given a newer version while this load was on its way: nobody goes back
    // from there.
    var held = local.get(load.key());
    loads.complete(load, held != null && held.version() > entry.version() ? held : entry);
  }

  /**
   * Whether what was found is older than what this process has seen, and the source may know
   * better. One that is behind has been asked for its latest already, and if it is the only one it
   * has the last word; others may have received more.
   */
  private boolean isOutdated(K key, LocalEntry<V> found, Origin origin) {
    var seen = found.isNegative() ? local.seenAndNotOver(key) : local.seen(key);
    if (found.version() >= seen) {
      return false;
    }
    return !below.isSettledBySource()
        || (!origin.behind() && (origin.tier() != Tier.SOURCE || !found.isNegative()));
  }

  /**
   * A copy from before the barrier of one of its groups, which only the decoded value tells, is a
   * miss: the tiers below are asked once more, for what was loaded after that barrier.
   */
  private void askBeyond(
      Load<K, LocalEntry<V>> load, String text, Freshness freshness, long barrier) {
    var ask = new ReadRequest(keyspace, List.of(text), freshness, Duration.ZERO)
        .withBarriers(new Barriers(0, Map.of(Barriers.ALL, barrier)));
    Completions.onEnd(below.read(ask, CallContext.of(load.deadline())), (result, failure) -> {
      if (result != null) {
        settle(load, text, freshness, result.outcomes().get(0), false);
      } else if (failure != null) {
        loads.fail(load, Calls.unwrapped(failure));
      }
    });
  }

  /**
   * A copy that cannot be used is a miss: the remote tier forgets it and the source is asked. The
   * source's word stands.
   *
   * @param below copies of smaller versions are of no use
   */
  private void askSource(
      Load<K, LocalEntry<V>> load, String text, Freshness freshness, long below) {
    this.below.tell(new Mutation.Forget(text, Duration.ZERO, below));
    var floor = below == Version.MAX ? 0 : below;
    var answer = this.below.readBeyond(text, floor, CallContext.of(load.deadline()));
    Completions.onEnd(answer, (outcome, failure) -> {
      if (outcome != null) {
        settle(load, text, freshness, outcome, true);
      } else if (failure != null) {
        loads.fail(load, Calls.unwrapped(failure));
      }
    });
  }

  private static boolean isLate(Throwable failure) {
    return Calls.unwrapped(failure) instanceof DeadlineExceeded;
  }
}
