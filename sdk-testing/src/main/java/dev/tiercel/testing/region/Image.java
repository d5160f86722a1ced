package dev.tiercel.testing.region;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An item as it was at some time, or that there was none. Equal to another of the same content:
 * sets have no order.
 *
 * @param attributes empty if there was none
 */
record Image(Map<String, AttributeValue> attributes) {

  /** No item. */
  static final Image NONE = new Image(Map.of());

  Image {
    attributes = sorted(attributes);
  }

  boolean isNone() {
    return attributes.isEmpty();
  }

  /** Which item of a table it is. */
  ItemKey keyIn(String table, List<String> keyAttributes) {
    return new ItemKey(
        table,
        attributes.entrySet().stream()
            .filter(entry -> keyAttributes.contains(entry.getKey()))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  /** An attribute's number, null if it has none. */
  @Nullable
  BigDecimal number(String attribute) {
    var value = attributes.get(attribute);
    return value == null || value.n() == null ? null : new BigDecimal(value.n());
  }

  private static Map<String, AttributeValue> sorted(Map<String, AttributeValue> values) {
    return values.entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> sorted(entry.getValue())));
  }

  private static AttributeValue sorted(AttributeValue value) {
    if (value.hasSs()) {
      return AttributeValue.fromSs(value.ss().stream().sorted().toList());
    } else if (value.hasNs()) {
      return AttributeValue.fromNs(value.ns().stream().sorted().toList());
    } else if (value.hasBs()) {
      return AttributeValue.fromBs(sortedBytes(value.bs()));
    } else if (value.hasM()) {
      return AttributeValue.fromM(sorted(value.m()));
    } else if (value.hasL()) {
      return AttributeValue.fromL(value.l().stream().map(each -> sorted(each)).toList());
    }
    return value;
  }

  private static List<SdkBytes> sortedBytes(List<SdkBytes> values) {
    return values.stream().sorted(Comparator.comparing(SdkBytes::asByteBuffer)).toList();
  }
}
