package dev.tiercel.coherence;

import dev.tiercel.backend.Completions;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Readers who wait until the feed tells of a key that somebody else is loading.
 *
 * <p>A reader notes the key's count before it asks whether to wait. If the feed has told of the key
 * since, it need not wait at all: nothing is missed between the question and the wait.
 *
 * <p>Holds what waits and nothing else; who gives up ends its future. Thread-safe.
 */
public final class Awaited {

  private final Fences told = new Fences();
  private final ConcurrentHashMap<String, Set<CompletableFuture<Boolean>>> waiting =
      new ConcurrentHashMap<>();

  /** How often the feed has told of the key, or of one that shares its count. */
  public long note(String key) {
    return told.current(key);
  }

  /**
   * Waits for the feed to tell of a key.
   *
   * @param key the key
   * @param noted what {@link #note} said before
   * @return completes when it has; to be completed by whoever stops waiting
   */
  public CompletableFuture<Boolean> await(String key, long noted) {
    var wait = new CompletableFuture<Boolean>();
    waiting.compute(key, (same, others) -> {
      Set<CompletableFuture<Boolean>> all = others == null ? ConcurrentHashMap.newKeySet() : others;
      all.add(wait);
      return all;
    });
    if (told.current(key) != noted) {
      wait.complete(true);
    }
    Completions.onEnd(wait, (done, failure) -> leave(key, wait));
    return wait;
  }

  /** The feed tells of a key. */
  public void told(String key) {
    told.raise(key);
    var woken = waiting.remove(key);
    if (woken != null) {
      woken.forEach(wait -> wait.complete(true));
    }
  }

  /** The feed will not tell: nobody waits any longer. */
  public void endAll() {
    told.raiseAll();
    for (var key : waiting.keySet()) {
      told(key);
    }
  }

  /** How many keys are waited for. */
  public int size() {
    return waiting.size();
  }

  @SuppressWarnings("UndefinedEquals") // waits are told apart by identity
  private void leave(String key, CompletableFuture<Boolean> wait) {
    waiting.computeIfPresent(key, (same, all) -> {
      all.remove(wait);
      return all.isEmpty() ? null : all;
    });
  }
}
