package dev.tiercel.dynamo;

import dev.tiercel.backend.Condition;
import dev.tiercel.backend.EncodedEntry;
import dev.tiercel.backend.Mutation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What a request says in DynamoDB's expression language. Names and values always go by
 * placeholders: many names are reserved words. Collected by one thread, for one request.
 */
final class Expression {

  private final Layout layout;
  /** Placeholders by attribute. */
  private final Map<String, String> names = new HashMap<>();

  private final Map<String, AttributeValue> values = new HashMap<>();

  Expression(Layout layout) {
    this.layout = layout;
  }

  /** Placeholders of names, null if there are none: an empty map is refused. */
  @Nullable
  Map<String, String> names() {
    return names.isEmpty()
        ? null
        : names.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));
  }

  /** Placeholders of values, null if there are none. */
  @Nullable
  Map<String, AttributeValue> values() {
    return values.isEmpty() ? null : values;
  }

  /** Only these attributes. */
  String projection(List<String> attributes) {
    return attributes.stream().map(this::name).collect(Collectors.joining(", "));
  }

  /** Sets the attributes given and removes the others of the layout's own. */
  String update(Map<String, AttributeValue> attributes) {
    var own = layout.ownAttributes();
    var set = own.stream()
        .flatMap(name -> set(name, attributes.get(name)))
        .collect(Collectors.joining(", "));
    var removed = own.stream()
        .filter(name -> !attributes.containsKey(name))
        .map(this::name)
        .collect(Collectors.joining(", "));
    return (set.isEmpty() ? "" : "SET " + set) + (removed.isEmpty() ? "" : " REMOVE " + removed);
  }

  private Stream<String> set(String name, @Nullable AttributeValue value) {
    return value == null ? Stream.empty() : Stream.of(name(name) + " = " + value(value));
  }

  /**
   * What must hold for a write, null for nothing. See {@link Condition} for the meanings.
   *
   * <p>A comparison with an attribute that is missing or of another type is false, so that an item
   * nobody can read is neither older nor over: it stands in the way of every condition.
   *
   * @param nowMillis the wall clock
   */
  @Nullable
  String condition(Mutation.Put put, long nowMillis) {
    var version = layout.versionAttribute();
    var condition = put.condition();
    var entry = put.entry();
    if (version == null || condition instanceof Condition.Always) {
      return null;
    }
    if (condition instanceof Condition.IfNewer) {
      return nothing() + " OR " + older(version, entry);
    }
    if (condition instanceof Condition.IfAbsent) {
      return nothing() + " OR ((" + over(nowMillis) + ") AND " + older(version, entry) + ")";
    }
    if (condition instanceof Condition.IfVersion exact) {
      return exactly(version, exact.version()) + " AND NOT (" + over(nowMillis) + ")";
    }
    throw new IllegalArgumentException("condition: IfLease (expected: a condition of a put)");
  }

  private String nothing() {
    return "attribute_not_exists(" + name(layout.keyAttribute()) + ")";
  }

  private String older(String version, EncodedEntry entry) {
    var older = name(version) + " < " + value(number(entry.version()));
    // In a table of somebody else's, an item without a version is older than any.
    return layout.ownsItems()
        ? older
        : "(attribute_not_exists(" + name(version) + ") OR " + older + ")";
  }

  private String exactly(String version, long expected) {
    return expected == 0 && !layout.ownsItems()
        ? "attribute_exists("
            + name(layout.keyAttribute())
            + ") AND (attribute_not_exists("
            + name(version)
            + ") OR "
            + name(version)
            + " = "
            + value(number(0))
            + ")"
        : name(version) + " = " + value(number(expected));
  }

  /** Deleted or expired. */
  private String over(long nowMillis) {
    var deleted = layout.deletedAttribute();
    var expiry = layout.expiryAttribute();
    var mark = deleted == null ? "" : name(deleted) + " = " + value(AttributeValue.fromBool(true));
    var end =
        expiry == null ? "" : name(expiry) + " <= " + value(number(layout.expiryClock(nowMillis)));
    return mark + (mark.isEmpty() || end.isEmpty() ? "" : " OR ") + end;
  }

  private String name(String attribute) {
    return names.computeIfAbsent(attribute, unknown -> "#" + names.size());
  }

  private String value(AttributeValue value) {
    var placeholder = ":" + values.size();
    values.put(placeholder, value);
    return placeholder;
  }

  private static AttributeValue number(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }
}
