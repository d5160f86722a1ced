package dev.tiercel.testing.run;

import java.lang.reflect.Constructor;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * What one worker is to do, as it stands on its command line.
 *
 * @param keyspace the class of the keyspace
 * @param number its number, from 0
 * @param processes how many workers there are
 * @param seed the seed of the run
 * @param without the mechanisms to be switched off, separated by commas; empty for none
 * @param where its engines
 * @param history where it writes what it did
 */
record WorkerOrder(
    String keyspace,
    int number,
    int processes,
    long seed,
    String without,
    Engines where,
    Path history) {

  /** What the name of the file with the final reads has at its end. */
  static final String FINAL = ".final";

  private static final String SWITCH = "tiercel.test.without";

  static WorkerOrder of(CheckPlan plan, int number, Engines where, Path history) {
    return new WorkerOrder(
        plan.keyspace(), number, plan.processes(), plan.seed(), plan.switches(), where, history);
  }

  /** Where it writes what it read in the end. */
  Path finalHistory() {
    return history.resolveSibling(history.getFileName() + FINAL);
  }

  /** The command line's arguments. */
  List<String> arguments() {
    return List.of(
        keyspace,
        Integer.toString(number),
        Integer.toString(processes),
        Long.toString(seed),
        where.redis().toString(),
        where.dynamo().toString(),
        history.toString());
  }

  /** The JVM's options: mechanisms are switched off where they are loaded. */
  List<String> options() {
    return without.isEmpty() ? List.of() : List.of("-D" + SWITCH + "=" + without);
  }

  /** Reads the arguments again. */
  static WorkerOrder parse(String... arguments) {
    return new WorkerOrder(
        arguments[0],
        Integer.parseInt(arguments[1]),
        Integer.parseInt(arguments[2]),
        Long.parseLong(arguments[3]),
        System.getProperty(SWITCH, ""),
        new Engines(URI.create(arguments[4]), URI.create(arguments[5])),
        Path.of(arguments[6]));
  }

  /** A keyspace of the class. */
  KeyspaceUnderTest instance() {
    return instance(keyspace);
  }

  /** A keyspace of a class. */
  static KeyspaceUnderTest instance(String name) {
    try {
      return constructor(name).newInstance();
    } catch (ReflectiveOperationException failure) {
      throw notAKeyspace(name, failure);
    }
  }

  /** Throws {@link IllegalArgumentException} unless the name is that of a keyspace's class. */
  static void requireKeyspace(String name) {
    try {
      constructor(name);
    } catch (ReflectiveOperationException | ClassCastException failure) {
      throw notAKeyspace(name, failure);
    }
  }

  private static Constructor<? extends KeyspaceUnderTest> constructor(String name)
      throws ReflectiveOperationException {
    return Class.forName(name).asSubclass(KeyspaceUnderTest.class).getConstructor();
  }

  private static IllegalArgumentException notAKeyspace(String name, Exception failure) {
    return new IllegalArgumentException(
        "keyspace: " + name
            + " (expected: a public KeyspaceUnderTest with a constructor without arguments)",
        failure);
  }
}
