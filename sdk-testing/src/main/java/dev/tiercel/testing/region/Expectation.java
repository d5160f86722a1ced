package dev.tiercel.testing.region;

import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The condition that an item is what it is thought to be, as DynamoDB writes it. An attribute that
 * the item has besides goes unnoticed.
 *
 * @param condition the condition expression
 * @param names what its names stand for
 * @param values what its values stand for, empty if there are none
 */
record Expectation(
    String condition, Map<String, String> names, Map<String, AttributeValue> values) {

  /** An expression has 300 operators at most. */
  private static final int MOST = 100;

  static Expectation of(ItemKey key, Image image) {
    return image.isNone() ? absent(key) : same(image);
  }

  private static Expectation absent(ItemKey key) {
    var attribute = key.attributes().keySet().iterator().next();
    return new Expectation("attribute_not_exists(#a)", Map.of("#a", attribute), Map.of());
  }

  private static Expectation same(Image image) {
    var condition = new StringBuilder();
    var names = new HashMap<String, String>();
    var values = new HashMap<String, AttributeValue>();
    image.attributes().entrySet().stream().limit(MOST).forEach(attribute -> {
      var number = names.size();
      condition.append(number == 0 ? "" : " AND ").append("#a" + number + " = :a" + number);
      names.put("#a" + number, attribute.getKey());
      values.put(":a" + number, attribute.getValue());
    });
    return new Expectation(condition.toString(), names, values);
  }
}
