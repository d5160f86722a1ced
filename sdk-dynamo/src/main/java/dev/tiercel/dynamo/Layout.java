package dev.tiercel.dynamo;

import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.EncodedEntry;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** How entries lie in the items of a table. Immutable. */
sealed interface Layout permits ManagedLayout, MappedLayout {

  /** The most keys one BatchGetItem takes. */
  int MAX_READ_KEYS = 100;

  /**
   * The most items one BatchWriteItem takes. With at most 400 KB each they stay below its 16 MB,
   * also in base64.
   */
  int MAX_WRITE_MUTATIONS = 25;

  /** The most bytes of a partition key. */
  int MAX_KEY_BYTES = 2048;

  /**
   * An item has at most 400 KB, names, key and numbers included; the key has its own share in what
   * is set aside.
   */
  int MAX_VALUE_BYTES = 400 * 1024 - 2 * MAX_KEY_BYTES;

  static Layout of(DynamoTable table) {
    // A ternary, since the language level has no switch over types; the interface is sealed.
    return table instanceof DynamoTable.Mapped mapped
        ? new MappedLayout(mapped)
        : new ManagedLayout(table.name());
  }

  String table();

  Capabilities capabilities();

  String keyAttribute();

  /** The name of the version, null if there are none. */
  @Nullable
  String versionAttribute();

  /** The name of the mark of a deleted item, null if there are no versions. */
  @Nullable
  String deletedAttribute();

  /** The name of the expiry, null if there is none. */
  @Nullable
  String expiryAttribute();

  /** A wall-clock time in the unit of the expiry; what expires at or before it is over. */
  long expiryClock(long millis);

  /** Whether items are Tiercel's alone, so that a write may replace them whole. */
  boolean ownsItems();

  /**
   * The text of the key attribute.
   *
   * @throws IllegalArgumentException if the table cannot have such a key; the message does not show
   *     it
   */
  String keyText(String keyspace, String key);

  /** The key attribute of a text. */
  AttributeValue keyValue(String text);

  /** The text of an item's key attribute, null if it has none. */
  @Nullable
  String keyText(Map<String, AttributeValue> item);

  /** The attributes a read needs, without the key. */
  List<String> readAttributes();

  /** The attributes a write sets or removes, without the key. */
  List<String> ownAttributes();

  /**
   * An entry's attributes, without the key.
   *
   * @throws IllegalArgumentException if the table cannot keep it; the message does not show the
   *     value
   */
  Map<String, AttributeValue> attributes(EncodedEntry entry);

  /** The entry of an item, perhaps a tombstone, perhaps expired. */
  EncodedEntry entry(Item item) throws MalformedItem;

  /** The version of an item, 0 if it has none. */
  default long version(Item item) throws MalformedItem {
    var name = versionAttribute();
    return name == null ? 0 : item.number(name);
  }

  default boolean versioned() {
    return versionAttribute() != null;
  }

  /** What a read of many needs: the key tells whose attributes they are. */
  default List<String> keyAndReadAttributes() {
    return Stream.concat(Stream.of(keyAttribute()), readAttributes().stream()).toList();
  }

  /** The primary key of an item. */
  default Map<String, AttributeValue> key(String text) {
    return Map.of(keyAttribute(), keyValue(text));
  }
}
