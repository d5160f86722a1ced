package dev.tiercel;

import com.google.common.base.Utf8;
import dev.tiercel.codec.KeyFormat;
import dev.tiercel.error.InvalidRequest;
import dev.tiercel.error.Where;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Turns keys into the texts backends know, refusing what no backend could take. */
record Keys<K>(String keyspace, KeyFormat<K> format, int maxBytes) {

  /** The key's text; throws {@link InvalidRequest} if it has none that will do. */
  String text(@Nullable K key) {
    var text = write(require("key", key));
    var bytes = length(text);
    if (bytes < 1 || bytes > maxBytes) {
      throw invalid("key: " + bytes + " bytes (expected: 1 to " + maxBytes + ")", null);
    }
    return text;
  }

  /** The key of a text that a cache tells of; null if it is the text of none, and so not ours. */
  @Nullable
  K parsed(String text) {
    try {
      return format.parse(text);
    } catch (RuntimeException foreign) {
      return null;
    }
  }

  /** The argument itself; throws {@link InvalidRequest} if it is null. */
  <T> T require(String name, @Nullable T argument) {
    if (argument == null) {
      throw invalid(name + ": null (expected: not null)", null);
    }
    return argument;
  }

  InvalidRequest invalid(String what, @Nullable Throwable cause) {
    return new InvalidRequest(what, Where.NOWHERE.in(keyspace, Duration.ZERO), cause);
  }

  private String write(K key) {
    try {
      return format.format(key);
    } catch (RuntimeException thrown) {
      throw invalid("key: refused by its format (expected: one it can write)", thrown);
    }
  }

  private int length(String text) {
    try {
      return Utf8.encodedLength(text);
    } catch (IllegalArgumentException unpaired) {
      throw invalid("key: has an unpaired surrogate (expected: well-formed text)", unpaired);
    }
  }
}
