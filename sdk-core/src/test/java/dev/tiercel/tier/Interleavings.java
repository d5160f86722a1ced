package dev.tiercel.tier;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/**
 * Races between operations of several threads, played by a model checker in as many orders of their
 * steps as the bound allows. Some order of whole operations, one after the other, must explain what
 * they answered.
 *
 * <p>The orders are the same in every run: a failure prints the one that nothing explains, and is
 * there again the next time.
 */
public final class Interleavings {

  private static final int ORDERS_OF_A_RACE = 100;

  private final Class<?> subject;
  private final ModelCheckingOptions options;

  private Interleavings(Class<?> subject, Class<?> model) {
    this.subject = subject;
    this.options = new ModelCheckingOptions()
        .iterations(0)
        .invocationsPerIteration(ORDERS_OF_A_RACE)
        .minimizeFailedScenario(false)
        .sequentialSpecification(model)
        // That Caffeine's steps on one key are atomic is its promise, and not searched again here.
        .addGuarantee(forClasses(
                "com.github.benmanes.caffeine.cache.Caffeine",
                "com.github.benmanes.caffeine.cache.BoundedLocalCache",
                "com.github.benmanes.caffeine.cache.LocalManualCache",
                "com.github.benmanes.caffeine.cache.SSMW")
            .allMethods()
            .treatAsAtomic());
  }

  /**
   * Begins a list of races.
   *
   * @param subject a public class with the operations, made anew for every order
   * @param model the same operations for one thread
   */
  public static Interleavings of(Class<?> subject, Class<?> model) {
    return new Interleavings(subject, model);
  }

  /**
   * Adds a race.
   *
   * @param threads for each thread its operations, by name and separated by spaces; one that has a
   *     parameter is given the number of its thread, counted from zero
   */
  public Interleavings race(String... threads) {
    return raceThen("", threads);
  }

  /**
   * Adds a race, and what is asked when it is over.
   *
   * @param afterwards operations without a parameter, by name and separated by spaces, or empty
   * @param threads as of {@link #race}
   */
  public Interleavings raceThen(String afterwards, String... threads) {
    var actors = new ArrayList<List<Actor>>();
    for (var thread = 0; thread < threads.length; thread++) {
      actors.add(actors(threads[thread], thread));
    }
    var last = afterwards.isEmpty() ? List.<Actor>of() : actors(afterwards, threads.length);
    options.addCustomScenario(new ExecutionScenario(List.of(), actors, last, null));
    return this;
  }

  private List<Actor> actors(String operations, int thread) {
    return Arrays.stream(operations.split(" ", -1))
        .map(this::operation)
        .map(operation ->
            new Actor(operation, operation.getParameterCount() == 0 ? List.of() : List.of(thread)))
        .toList();
  }

  private Method operation(String name) {
    return Arrays.stream(subject.getMethods())
        .filter(method -> method.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("operation: " + name));
  }

  /** Fails with the order of steps that no sequence of the operations explains. */
  public void assertLinearizable() {
    options.check(subject);
  }
}
