package dev.tiercel.dynamo;

/**
 * An item that is not what the table's layout says. The message names attributes and types, never
 * their values.
 */
final class MalformedItem extends Exception {

  private static final long serialVersionUID = 1L;

  MalformedItem(String what) {
    super(what, null, false, false);
  }
}
