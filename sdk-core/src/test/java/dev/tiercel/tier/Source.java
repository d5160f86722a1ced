package dev.tiercel.tier;

/** What every cached read is held against: a source of record that is read without any cache. */
public final class Source {

  private long version = 1;

  /** The version that stands. */
  public long read() {
    return version;
  }

  /** A new version. */
  public long write() {
    return ++version;
  }

  /** A new version, written by another process. */
  public long writeElsewhere() {
    return ++version;
  }
}
