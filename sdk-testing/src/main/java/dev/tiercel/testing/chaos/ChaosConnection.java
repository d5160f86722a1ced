package dev.tiercel.testing.chaos;

/** A connection through the proxy. Thread-safe. */
public interface ChaosConnection {

  /** A number, larger for later connections of the proxy. */
  long id();

  /**
   * The first bytes the client sent, up to 4 KiB of them, each as the character of its number: what
   * tells one connection from another. Grows while they arrive.
   */
  String opening();

  /** How many bytes have gone on their way and were written to the other end. */
  long passed(Direction direction);

  /** How many bytes were read and are held back, by a delay or a black hole. */
  long held(Direction direction);

  /** Whether an end of it is still open. */
  boolean isOpen();

  /**
   * Lets a fault happen to this connection only.
   *
   * @return undoes it
   * @throws IllegalStateException if the proxy is closed
   */
  Injection inject(Fault fault);
}
