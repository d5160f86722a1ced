package dev.tiercel.testing.run;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Hands the versions that one worker was given on to the others, so that they can ask for at least
 * those. A worker hears of a version only after its write was acknowledged. Also calls them to race
 * a write with a load.
 */
final class Relay {

  /** How a worker tells of a write, and hears of one: the word, the key, the version. */
  static final String WROTE = "wrote ";

  /** How a worker calls the others to load a key it is about to write: the word, the key. */
  static final String RACE = "race ";

  private final List<WorkerProcess> workers = new CopyOnWriteArrayList<>();

  void join(WorkerProcess worker) {
    workers.add(worker);
  }

  /** Whether the line was for the others. */
  boolean heard(int from, String line) {
    if (!line.startsWith(WROTE) && !line.startsWith(RACE)) {
      return false;
    }
    for (var other = 0; other < workers.size(); other++) {
      if (other != from) {
        workers.get(other).tell(line);
      }
    }
    return true;
  }
}
