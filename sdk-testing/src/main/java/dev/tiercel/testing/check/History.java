package dev.tiercel.testing.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What several processes did to a keyspace. A history begins with the keyspace empty: a value from
 * before would be one that nobody wrote.
 *
 * @param operations all of them, in any order
 */
public record History(List<Operation> operations) {

  /** Copies the list. */
  public History {
    operations = List.copyOf(operations);
  }

  /**
   * Reads what {@link HistoryRecorder}s wrote. A record torn off by the end of its process is
   * dropped; a write that had begun by then is one of unknown outcome.
   *
   * @param files one per recorder
   * @throws java.io.UncheckedIOException if a file cannot be read
   * @throws IllegalArgumentException if a file is none of a recorder's
   */
  public static History load(Collection<Path> files) {
    var operations = new ArrayList<Operation>();
    files.forEach(file -> operations.addAll(new HistoryReader(file).read()));
    return new History(operations);
  }

  /** Its reads, in the order of the operations. */
  public List<Operation.Read> reads() {
    return of(Operation.Read.class);
  }

  /** Its writes, in the order of the operations. */
  public List<Operation.Write> writes() {
    return of(Operation.Write.class);
  }

  /** Its invalidations, in the order of the operations. */
  public List<Operation.Barrier> barriers() {
    return of(Operation.Barrier.class);
  }

  private <T extends Operation> List<T> of(Class<T> kind) {
    return operations.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
