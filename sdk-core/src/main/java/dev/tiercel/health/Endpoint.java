package dev.tiercel.health;

import java.util.Objects;

/**
 * One of the places where a backend is asked.
 *
 * @param backend the backend's name
 * @param region its region, empty if it has none
 * @param id what tells it from the backend's other endpoints: {@code primary} or {@code replica-1},
 *     and so on
 */
public record Endpoint(String backend, String region, String id) {

  /** Requires all parts. */
  public Endpoint {
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(region, "region");
    Objects.requireNonNull(id, "id");
  }

  /** A backend's main, and mostly only, endpoint. */
  public static Endpoint primary(String backend, String region) {
    return new Endpoint(backend, region, "primary");
  }

  /**
   * A backend's replica.
   *
   * @param number from 1
   */
  public static Endpoint replica(String backend, String region, int number) {
    return new Endpoint(backend, region, "replica-" + number);
  }
}
