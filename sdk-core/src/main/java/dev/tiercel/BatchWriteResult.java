package dev.tiercel;

import com.google.common.collect.ImmutableMap;
import dev.tiercel.error.ServingException;
import java.util.Map;

/**
 * What became of a batch write: every key is either written or failed.
 *
 * <p>Immutable; iteration is in the order the keys were given.
 *
 * @param versions the versions of the keys that were written and acknowledged, 0 where the source
 *     keeps none
 * @param failed the keys that were not, or, if the reason is
 *     {@link dev.tiercel.error.OutcomeUnknown}, perhaps were
 * @param <K> the type of key
 */
public record BatchWriteResult<K>(Map<K, Long> versions, Map<K, ServingException> failed) {

  /** Copies the parts. */
  public BatchWriteResult {
    versions = ImmutableMap.copyOf(versions);
    failed = ImmutableMap.copyOf(failed);
  }

  /** Whether every key was written. */
  public boolean isComplete() {
    return failed.isEmpty();
  }
}
