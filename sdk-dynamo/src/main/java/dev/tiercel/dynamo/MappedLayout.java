package dev.tiercel.dynamo;

import dev.tiercel.backend.Capabilities;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Feature;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The layout of a table that exists already. */
record MappedLayout(DynamoTable.Mapped mapping) implements Layout {

  /** One text per number, as DynamoDB writes it: two texts of one number would be one key. */
  private static final Pattern WHOLE_NUMBER = Pattern.compile("0|-?[1-9][0-9]{0,37}");

  @Override
  public String table() {
    return mapping.name();
  }

  @Override
  public Capabilities capabilities() {
    var features = EnumSet.of(Feature.WRITE, Feature.CONSISTENT_READS, Feature.HEDGED_READS);
    if (versioned()) {
      features.addAll(
          EnumSet.of(Feature.VERSIONS, Feature.IF_ABSENT, Feature.IF_VERSION, Feature.IF_NEWER));
    }
    if (mapping.expiryAttribute() != null) {
      features.add(Feature.EXPIRY);
    }
    return new Capabilities(
        MAX_READ_KEYS, MAX_WRITE_MUTATIONS, MAX_KEY_BYTES, MAX_VALUE_BYTES, features);
  }

  @Override
  public String keyAttribute() {
    return mapping.keyAttribute();
  }

  @Override
  public @Nullable String versionAttribute() {
    return mapping.versionAttribute();
  }

  @Override
  public @Nullable String deletedAttribute() {
    return mapping.deletedAttribute();
  }

  @Override
  public @Nullable String expiryAttribute() {
    return mapping.expiryAttribute();
  }

  @Override
  public long expiryClock(long millis) {
    return millis / 1000;
  }

  @Override
  public boolean ownsItems() {
    return false;
  }

  @Override
  public String keyText(String keyspace, String key) {
    if (mapping.numericKey() && !WHOLE_NUMBER.matcher(key).matches()) {
      throw new IllegalArgumentException(
          "key: not such a number (expected: whole, at most 38 digits, no leading zeros)");
    }
    return Texts.bounded(Texts.checked("key", key), MAX_KEY_BYTES);
  }

  @Override
  public AttributeValue keyValue(String text) {
    return mapping.numericKey() ? AttributeValue.fromN(text) : AttributeValue.fromS(text);
  }

  @Override
  public @Nullable String keyText(Map<String, AttributeValue> item) {
    var key = item.get(mapping.keyAttribute());
    return key == null ? null : mapping.numericKey() ? key.n() : key.s();
  }

  @Override
  public List<String> readAttributes() {
    return ownAttributes();
  }

  @Override
  public List<String> ownAttributes() {
    return Stream.of(
            mapping.valueAttribute(),
            mapping.versionAttribute(),
            mapping.deletedAttribute(),
            mapping.expiryAttribute())
        .filter(Objects::nonNull)
        .toList();
  }

  @Override
  public Map<String, AttributeValue> attributes(EncodedEntry entry) {
    var attributes = new HashMap<String, AttributeValue>();
    var payload = entry.payload();
    if (payload != null) {
      attributes.put(mapping.valueAttribute(), value(payload));
    }
    var version = mapping.versionAttribute();
    if (version != null) {
      attributes.put(version, AttributeValue.fromN(Long.toString(entry.version())));
    }
    var deleted = mapping.deletedAttribute();
    if (deleted != null && payload == null) {
      attributes.put(deleted, AttributeValue.fromBool(true));
    }
    var expiry = mapping.expiryAttribute();
    if (entry.expiryMillis() != 0 && expiry != null) {
      attributes.put(
          expiry, AttributeValue.fromN(Long.toString(Texts.secondsUp(entry.expiryMillis()))));
    }
    return attributes;
  }

  @Override
  public EncodedEntry entry(Item item) throws MalformedItem {
    var deleted = mapping.deletedAttribute();
    var payload = deleted != null && item.flag(deleted) ? null : payload(item);
    var expiry = mapping.expiryAttribute();
    var seconds = expiry == null ? 0 : item.number(expiry);
    var millis = seconds > Long.MAX_VALUE / 1000 ? Long.MAX_VALUE : seconds * 1000;
    return new EncodedEntry(payload, 0, 0, version(item), 0, 0, millis);
  }

  private byte[] payload(Item item) throws MalformedItem {
    var name = mapping.valueAttribute();
    return mapping.textValue()
        ? item.required(name, AttributeValue.Type.S).s().getBytes(StandardCharsets.UTF_8)
        : item.required(name, AttributeValue.Type.B).b().asByteArrayUnsafe();
  }

  private AttributeValue value(byte[] payload) {
    if (!mapping.textValue()) {
      return AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(payload));
    }
    try {
      return AttributeValue.fromS(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString());
    } catch (CharacterCodingException malformed) {
      throw new IllegalArgumentException(
          "value: not UTF-8 (expected: UTF-8, since the attribute is of type S)");
    }
  }
}
