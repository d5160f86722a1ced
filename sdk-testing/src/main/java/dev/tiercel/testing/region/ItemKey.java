package dev.tiercel.testing.region;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Which item of all regions.
 *
 * @param table the table's name, the same everywhere
 * @param attributes the key attributes
 */
record ItemKey(String table, Map<String, AttributeValue> attributes) {}
