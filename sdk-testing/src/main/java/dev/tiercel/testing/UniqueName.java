package dev.tiercel.testing;

import java.util.UUID;

/** Names no other test uses, so that tests can share an engine. */
public final class UniqueName {
  private UniqueName() {}

  /**
   * The stem, a dash and 12 characters that will not come again; legal as a table name when the
   * stem is.
   *
   * @param stem what the name is for, so that a person can read it
   */
  public static String of(String stem) {
    return stem + "-" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
  }
}
