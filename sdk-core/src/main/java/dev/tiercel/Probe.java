package dev.tiercel;

import dev.tiercel.backend.CallContext;
import dev.tiercel.backend.Completions;
import dev.tiercel.backend.Mutation;
import dev.tiercel.backend.Origin;
import dev.tiercel.backend.ReadOutcome;
import dev.tiercel.backend.Tier;
import dev.tiercel.backend.WriteRequest;
import dev.tiercel.error.ServingException;
import dev.tiercel.observe.ProbePolicy;
import dev.tiercel.observe.ProbeResult;
import dev.tiercel.observe.ProbeResult.Verdict;
import dev.tiercel.observe.ServingListener;
import dev.tiercel.tier.InFlightTable;
import dev.tiercel.tier.LocalEntry;
import dev.tiercel.tier.LocalTier;
import dev.tiercel.tier.Tiers;
import dev.tiercel.time.AtMostEvery;
import dev.tiercel.time.Deadline;
import dev.tiercel.time.Time;
import dev.tiercel.time.Version;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Compares a small share of the answers that caches gave with the source of record, some time
 * later, and tells the listener what came of it.
 *
 * <p>The source is asked past the caches, in a read of its own that fills nothing and that nobody
 * waits for. What it proves wrong is measured first, and then forgotten by the caches: a probe does
 * not let stand what it knows to be old. Where the source does not tell since when it holds
 * something else, the caches may have been right at the time: what they hold after another delay is
 * compared with the source once more, and only if that differs too the answer counts as different.
 *
 * <p>Thread-safe. To an answer that is not picked it costs a random number, or nothing when it is
 * off.
 */
final class Probe<K, V> {

  private final ProbePolicy policy;
  private final String keyspace;
  private final Duration patience;
  private final Keys<K> keys;
  private final Tiers below;
  private final LocalTier<K, V> local;
  private final InFlightTable<K, LocalEntry<V>> loads;
  private final LocalEntries<V> entries;
  private final Comparison<V> comparison;
  private final ServingListener listener;
  private final RandomGenerator random;
  private final Time time;
  private final boolean on;
  private final Set<Question> questions = ConcurrentHashMap.newKeySet();
  private final Semaphore room;
  private final AtMostEvery turns;
  private volatile boolean closed;

  Probe(
      KeyspaceSpec<K, V> spec,
      Keys<K> keys,
      Tiers below,
      LocalTier<K, V> local,
      InFlightTable<K, LocalEntry<V>> loads,
      LocalEntries<V> entries,
      ServingListener listener,
      RandomGenerator random,
      Time time) {
    this.policy = spec.probe;
    this.keyspace = spec.name;
    this.patience = spec.deadline;
    this.keys = keys;
    this.below = below;
    this.local = local;
    this.loads = loads;
    this.entries = entries;
    this.comparison = new Comparison<>(Pipeline.valueFormat(spec));
    this.listener = listener;
    this.random = random;
    this.time = time;
    this.on = policy.share() > 0;
    this.room = new Semaphore(policy.maxWaiting());
    this.turns = new AtMostEvery(Duration.ofSeconds(1).dividedBy(policy.perSecond()), time);
  }

  /** Whether the answer to a call that begins now is one of the share. */
  boolean picks() {
    return on && random.nextDouble() < policy.share();
  }

  /**
   * Compares an answer in its time, if it is a cache's and the bounds allow it.
   *
   * @param millis when the call that it answers began, by the wall clock
   */
  void offer(K key, LocalEntry<V> answer, long millis) {
    if (answer.origin().tier() == Tier.SOURCE || closed || !turns.isTurn() || !room.tryAcquire()) {
      return;
    }
    var question = new Question(key, answer, millis);
    questions.add(question);
    question.later(question::compare);
  }

  /** Compares nothing more; what waits is dropped. */
  void close() {
    closed = true;
    questions.forEach(Question::end);
  }

  /** One answer on its way to be compared. */
  private final class Question {

    private final K key;
    private final LocalEntry<V> answer;
    private final long millis;
    private volatile Time.@Nullable Timer timer;

    Question(K key, LocalEntry<V> answer, long millis) {
      this.key = key;
      this.answer = answer;
      this.millis = millis;
    }

    void later(Runnable step) {
      if (closed) {
        end();
        return;
      }
      var set = time.schedule(policy.delay(), () -> attempt(step));
      timer = set;
      if (!questions.contains(this)) {
        set.cancel();
      }
    }

    void compare() {
      ask(Tier.SOURCE, outcome -> {
        var told = entry(outcome);
        var verdict = comparison.verdict(answer, millis, told);
        if (verdict == Verdict.DIFFERENT) {
          later(this::compareAgain);
        } else {
          tell(verdict, told, millis);
        }
      });
    }

    /** Compares what the caches hold by now, if anything. */
    private void compareAgain() {
      var held = local.get(key);
      if (held != null) {
        compareAgain(held);
        return;
      }
      ask(Tier.REMOTE, outcome -> {
        var copy = entry(outcome);
        var holdsNone = outcome instanceof ReadOutcome.Absent absent && absent.tombstone() == null;
        if (holdsNone || local.isDead(key, copy)) {
          tell(Verdict.WRITTEN_SINCE, copy, millis);
        } else {
          compareAgain(copy);
        }
      });
    }

    private void compareAgain(LocalEntry<V> held) {
      var now = time.millis();
      ask(Tier.SOURCE, outcome -> {
        var told = entry(outcome);
        var verdict = comparison.verdict(held, now, told);
        tell(verdict == Verdict.SAME ? Verdict.WRITTEN_SINCE : verdict, told, now);
      });
    }

    private void ask(Tier tier, Consumer<ReadOutcome> then) {
      var looked = below.look(tier, keys.text(key), context());
      Completions.onEnd(
          looked,
          (outcome, failure) -> attempt(() -> {
            if (outcome instanceof ReadOutcome.Failed failed) {
              fail(failed.cause());
            } else if (outcome != null) {
              then.accept(outcome);
            } else if (failure != null) {
              fail(Calls.unwrapped(failure));
            }
          }));
    }

    private LocalEntry<V> entry(ReadOutcome outcome) {
      if (outcome instanceof ReadOutcome.Found found) {
        return entries.of(keys.text(key), found.entry(), found.origin());
      }
      return outcome instanceof ReadOutcome.Absent absent && absent.tombstone() != null
          ? entries.of(keys.text(key), absent.tombstone(), absent.origin())
          : entries.absent(Origin.source(below.region()));
    }

    /**
     * A step that goes wrong, in the codec or the value's own comparison say, ends the question.
     */
    private void attempt(Runnable step) {
      try {
        step.run();
      } catch (RuntimeException | Error thrown) {
        fail(Calls.unwrapped(thrown));
      }
    }

    private void tell(Verdict verdict, LocalEntry<V> told, long asOf) {
      var age = verdict == Verdict.OVERTAKEN ? asOf - Version.millis(told.version()) : 0;
      if (end()) {
        listener.onProbe(new ProbeResult(
            keyspace, answer.origin().tier(), answer.staleness(), verdict, Duration.ofMillis(age)));
        repair(verdict, told.version());
      }
    }

    private void fail(ServingException cause) {
      if (end()) {
        listener.onProbeFailure(keyspace, cause);
      }
    }

    /** Makes the caches forget what is older than a version, or of no known age. */
    private void repair(Verdict verdict, long version) {
      if (verdict != Verdict.OVERTAKEN && verdict != Verdict.DIFFERENT) {
        return;
      }
      var limit = verdict == Verdict.OVERTAKEN ? version : Version.MAX;
      var forget = new Mutation.Forget(keys.text(key), Duration.ZERO, limit);
      var told = below.write(new WriteRequest(keyspace, List.of(forget)), context());
      Completions.onEnd(told, (done, failure) -> {
        // After the remote tier, from which the old copy would come back.
        if (local.seen(key) < limit) {
          loads.detach(key);
          local.forget(key);
        }
      });
    }

    private CallContext context() {
      return CallContext.of(Deadline.after(patience, time));
    }

    /** Gives its room back; false if it has ended already. */
    private boolean end() {
      if (!questions.remove(this)) {
        return false;
      }
      var waiting = timer;
      if (waiting != null) {
        waiting.cancel();
      }
      room.release();
      return true;
    }
  }
}
