package dev.tiercel.dynamo;

import java.util.HashSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The table behind a backend: one of Tiercel's own, or one that exists already. Immutable. */
public sealed interface DynamoTable {

  /** The table's name. */
  String name();

  /**
   * A table whose items are Tiercel's alone. It may be shared by keyspaces.
   * {@link DynamoBackend#createTable} creates it; the attributes are listed in
   * {@code docs/decisions/006-dynamodb.md}.
   *
   * @param name 3 to 255 letters, digits, dots, underscores and hyphens
   */
  static Managed managed(String name) {
    return new Managed(name);
  }

  /**
   * A table that exists already, with a text key, binary values, no versions and no expiry. It
   * serves one keyspace: the key attribute is the key's text, and nothing else.
   *
   * @param name 3 to 255 letters, digits, dots, underscores and hyphens
   * @param keyAttribute the partition key's name; the table has no sort key
   * @param valueAttribute the name of the attribute that is the value
   */
  static Mapped mapped(String name, String keyAttribute, String valueAttribute) {
    return new Mapped(name, keyAttribute, false, valueAttribute, false, null, null, null);
  }

  /**
   * A table whose items are Tiercel's alone.
   *
   * @param name the table's name
   */
  record Managed(String name) implements DynamoTable {
    /** Checks the name. */
    public Managed {
      requireTableName(name);
    }
  }

  /**
   * A table that exists already. Writes touch the mapped attributes and leave the others of an item
   * as they are; a removal from a table without versions deletes the item as a whole.
   *
   * <p>An item without a value attribute, or with one of another type, fails its key with
   * {@code CodecFailure}.
   *
   * @param name the table's name
   * @param keyAttribute the partition key's name
   * @param numericKey whether the key is of type N; keys are then whole numbers of at most 38
   *     digits, without leading zeros. Of type S otherwise
   * @param valueAttribute the value's name
   * @param textValue whether the value is of type S, and so holds only what is well-formed UTF-8.
   *     Of type B otherwise
   * @param versionAttribute the name of the version, of type N; null for none. An item without it
   *     is older than every version
   * @param deletedAttribute the name of the mark of a deleted item, of type BOOL; null exactly if
   *     there are no versions
   * @param expiryAttribute the name of the expiry in seconds since the epoch, of type N, as
   *     DynamoDB's TTL has it; null for none
   */
  record Mapped(
      String name,
      String keyAttribute,
      boolean numericKey,
      String valueAttribute,
      boolean textValue,
      @Nullable String versionAttribute,
      @Nullable String deletedAttribute,
      @Nullable String expiryAttribute)
      implements DynamoTable {

    /** Checks the names. */
    public Mapped {
      requireTableName(name);
      if ((versionAttribute == null) != (deletedAttribute == null)) {
        throw new IllegalArgumentException("deletedAttribute: " + deletedAttribute
            + " (expected: one with a versionAttribute, none without)");
      }
      var names = new HashSet<String>();
      Stream.of(keyAttribute, valueAttribute, versionAttribute, deletedAttribute, expiryAttribute)
          .filter(attribute -> attribute != null)
          .forEach(attribute -> requireAttributeName(attribute, names.add(attribute)));
    }

    /** The same table with a key of type N, or S. */
    public Mapped numericKey(boolean numeric) {
      return new Mapped(
          name,
          keyAttribute,
          numeric,
          valueAttribute,
          textValue,
          versionAttribute,
          deletedAttribute,
          expiryAttribute);
    }

    /** The same table with a value of type S, or B. */
    public Mapped textValue(boolean text) {
      return new Mapped(
          name,
          keyAttribute,
          numericKey,
          valueAttribute,
          text,
          versionAttribute,
          deletedAttribute,
          expiryAttribute);
    }

    /**
     * The same table with versions. A removal then leaves a tombstone: the item loses its value,
     * keeps its version, and bears the mark. Whoever else reads the table must take a marked item
     * for a missing one.
     *
     * @param version the name of the version, of type N
     * @param deleted the name of the mark, of type BOOL: true on tombstones, false or missing on
     *     others
     */
    public Mapped versions(String version, String deleted) {
      return new Mapped(
          name,
          keyAttribute,
          numericKey,
          valueAttribute,
          textValue,
          version,
          deleted,
          expiryAttribute);
    }

    /**
     * The same table with an expiry. Whole seconds, rounded up: an entry may live up to a second
     * longer than asked. Without one no expiry is kept: values and tombstones stay until they are
     * written anew.
     *
     * @param expiry the name of the expiry in seconds since the epoch, of type N
     */
    public Mapped expiry(String expiry) {
      return new Mapped(
          name,
          keyAttribute,
          numericKey,
          valueAttribute,
          textValue,
          versionAttribute,
          deletedAttribute,
          expiry);
    }

    private static void requireAttributeName(String attribute, boolean isNew) {
      if (attribute.isEmpty() || attribute.length() > 255) {
        throw new IllegalArgumentException(
            "attribute: " + attribute + " (expected: 1 to 255 characters)");
      }
      if (!isNew) {
        throw new IllegalArgumentException("attribute: " + attribute + " twice (expected: once)");
      }
    }
  }

  private static void requireTableName(String name) {
    if (!name.matches("[a-zA-Z0-9_.-]{3,255}")) {
      throw new IllegalArgumentException(
          "name: " + name + " (expected: 3 to 255 letters, digits, dots, underscores and hyphens)");
    }
  }
}
