package dev.tiercel.dynamo;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Typed looks at an item's attributes. */
record Item(Map<String, AttributeValue> attributes) {

  boolean has(String name) {
    return attributes.containsKey(name);
  }

  /** A number of 0 to 2^63 - 1, or 0 if there is none. */
  long number(String name) throws MalformedItem {
    var attribute = attributes.get(name);
    if (attribute == null) {
      return 0;
    }
    try {
      var number = Long.parseLong(typed(name, attribute, AttributeValue.Type.N).n());
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException tooLargeOrFraction) {
      // Told below, without the number.
    }
    throw new MalformedItem("attribute " + name + ": another number (expected: 0 to 2^63 - 1)");
  }

  /** A whole number of int's range, or 0 if there is none. */
  int smallNumber(String name) throws MalformedItem {
    var number = number(name);
    if (number > Integer.MAX_VALUE) {
      throw new MalformedItem("attribute " + name + ": too large (expected: at most 2^31 - 1)");
    }
    return (int) number;
  }

  /** A mark, or false if there is none. */
  boolean flag(String name) throws MalformedItem {
    var attribute = attributes.get(name);
    return attribute != null && typed(name, attribute, AttributeValue.Type.BOOL).bool();
  }

  /** An attribute that must be there and be of a type. */
  AttributeValue required(String name, AttributeValue.Type type) throws MalformedItem {
    var attribute = attributes.get(name);
    if (attribute == null) {
      throw new MalformedItem("attribute " + name + ": missing (expected: type " + type + ")");
    }
    return typed(name, attribute, type);
  }

  private static AttributeValue typed(
      String name, AttributeValue attribute, AttributeValue.Type type) throws MalformedItem {
    if (attribute.type() != type) {
      throw new MalformedItem(
          "attribute " + name + ": type " + attribute.type() + " (expected: type " + type + ")");
    }
    return attribute;
  }
}
