package dev.tiercel.backend;

import java.util.List;

/**
 * A write of many mutations, each atomic by itself, in no particular order.
 *
 * @param keyspace the keyspace's name
 * @param mutations at least one, of distinct keys
 */
public record WriteRequest(String keyspace, List<Mutation> mutations) {

  /** Copies the mutations. */
  public WriteRequest {
    mutations = List.copyOf(mutations);
    if (mutations.isEmpty()) {
      throw new IllegalArgumentException("mutations: none (expected: at least 1)");
    }
  }
}
