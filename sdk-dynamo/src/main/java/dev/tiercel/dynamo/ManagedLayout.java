package dev.tiercel.dynamo;

import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Feature;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The layout of Tiercel's own tables. Numbers that are 0 are left out, the version excepted. */
record ManagedLayout(String table) implements Layout {

  static final String KEY = "key";
  static final String VALUE = "value";
  static final String VERSION = "version";
  static final String DELETED = "deleted";
  static final String CREATED = "created";
  static final String SOFT_EXPIRY = "softExpiry";
  static final String EXPIRY = "expiry";
  static final String CODEC = "codec";
  static final String COMPRESSION = "compression";

  /**
   * For DynamoDB's TTL, in seconds and rounded up, so that nothing goes before its time. Never
   * read.
   */
  static final String TTL = "ttl";

  private static final List<String> READ =
      List.of(VALUE, VERSION, DELETED, CREATED, SOFT_EXPIRY, EXPIRY, CODEC, COMPRESSION);

  /** A keyspace's name has at most 64 bytes, and one stands between it and the key. */
  private static final int MAX_PREFIX_BYTES = 65;

  @Override
  public Capabilities capabilities() {
    var features = EnumSet.allOf(Feature.class);
    features.removeAll(EnumSet.of(Feature.LEASES, Feature.GROUPS, Feature.MARKS));
    return new Capabilities(
        MAX_READ_KEYS,
        MAX_WRITE_MUTATIONS,
        MAX_KEY_BYTES - MAX_PREFIX_BYTES,
        MAX_VALUE_BYTES,
        features);
  }

  @Override
  public String keyAttribute() {
    return KEY;
  }

  @Override
  public String versionAttribute() {
    return VERSION;
  }

  @Override
  public String deletedAttribute() {
    return DELETED;
  }

  @Override
  public String expiryAttribute() {
    return EXPIRY;
  }

  @Override
  public long expiryClock(long millis) {
    return millis;
  }

  @Override
  public boolean ownsItems() {
    return true;
  }

  /**
   * Keyspace, colon, key. The keyspace's own colons are escaped, so that the first one always ends
   * it.
   */
  @Override
  public String keyText(String keyspace, String key) {
    var text = keyspace.replace("%", "%25").replace(":", "%3A") + ":" + Texts.checked("key", key);
    return Texts.bounded(text, MAX_KEY_BYTES);
  }

  @Override
  public AttributeValue keyValue(String text) {
    return AttributeValue.fromS(text);
  }

  @Override
  public @Nullable String keyText(Map<String, AttributeValue> item) {
    var key = item.get(KEY);
    return key == null ? null : key.s();
  }

  @Override
  public List<String> readAttributes() {
    return READ;
  }

  @Override
  public List<String> ownAttributes() {
    throw new UnsupportedOperationException("items are replaced whole");
  }

  @Override
  public Map<String, AttributeValue> attributes(EncodedEntry entry) {
    var attributes = new HashMap<String, AttributeValue>();
    var payload = entry.payload();
    if (payload == null) {
      attributes.put(DELETED, AttributeValue.fromBool(true));
    } else {
      attributes.put(VALUE, AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(payload)));
    }
    attributes.put(VERSION, number(entry.version()));
    putUnlessZero(attributes, CREATED, entry.createdAtMillis());
    putUnlessZero(attributes, SOFT_EXPIRY, entry.softExpiryMillis());
    putUnlessZero(attributes, EXPIRY, entry.expiryMillis());
    putUnlessZero(attributes, CODEC, entry.codecId());
    putUnlessZero(attributes, COMPRESSION, entry.compression());
    putUnlessZero(attributes, TTL, Texts.secondsUp(entry.expiryMillis()));
    return attributes;
  }

  @Override
  public EncodedEntry entry(Item item) throws MalformedItem {
    item.required(VERSION, AttributeValue.Type.N);
    var deleted = item.flag(DELETED);
    var payload =
        deleted ? null : item.required(VALUE, AttributeValue.Type.B).b().asByteArrayUnsafe();
    var codec = item.smallNumber(CODEC);
    if (codec > EncodedEntry.MAX_CODEC_ID) {
      throw new MalformedItem("attribute " + CODEC + ": too large (expected: at most 65535)");
    }
    var compression = item.smallNumber(COMPRESSION);
    if (compression > EncodedEntry.MAX_COMPRESSION) {
      throw new MalformedItem("attribute " + COMPRESSION + ": too large (expected: at most 3)");
    }
    return new EncodedEntry(
        payload,
        codec,
        compression,
        item.number(VERSION),
        item.number(CREATED),
        item.number(SOFT_EXPIRY),
        item.number(EXPIRY));
  }

  private static void putUnlessZero(
      Map<String, AttributeValue> attributes, String name, long number) {
    if (number != 0) {
      attributes.put(name, number(number));
    }
  }

  private static AttributeValue number(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }
}
