package dev.tiercel.testing.check;

/**
 * The layout of a history file, all numbers big-endian: a magic number, then records of an
 * {@code int} length, a kind and a body. Strings are written once, as records of their own, and
 * meant by their order from then on.
 */
final class HistoryFormat {

  static final long MAGIC = 0x7469_6572_6869_7302L;

  static final byte STRING = 0;
  static final byte READ = 1;

  /** A write is about to begin: all that is left of it if the process ends before it does. */
  static final byte INTENT = 2;

  static final byte WRITE = 3;
  static final byte BARRIER = 4;

  static final byte VALUE = 0;
  static final byte ABSENT = 1;
  static final byte FAILED = 2;

  static final byte ACKNOWLEDGED = 0;
  static final byte UNKNOWN = 1;
  static final byte REFUSED = 2;

  static final byte ALL = 0;
  static final byte GROUP = 1;
  static final byte KEY = 2;

  private HistoryFormat() {}
}
