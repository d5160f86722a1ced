package dev.tiercel.testing.run;

import java.net.URI;
import java.util.Objects;

/**
 * Where a process finds its engines: both addresses lead through proxies of the process's own.
 *
 * @param redis {@code redis://127.0.0.1:port}
 * @param dynamo {@code http://127.0.0.1:port}, the endpoint of a DynamoDB Local, which takes any
 *     credentials
 */
public record Engines(URI redis, URI dynamo) {

  /** Checks that both are there. */
  public Engines {
    Objects.requireNonNull(redis, "redis");
    Objects.requireNonNull(dynamo, "dynamo");
  }
}
