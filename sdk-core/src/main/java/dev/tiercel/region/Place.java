package dev.tiercel.region;

import java.util.Map;
import java.util.Objects;

/**
 * Where this process runs.
 *
 * @param region its region, empty if it has none
 * @param zone its availability zone, empty if it is not known
 */
public record Place(String region, String zone) {

  /** The environment variable that names the region, before {@code AWS_REGION}. */
  public static final String REGION_VARIABLE = "TIERCEL_REGION";

  /** The environment variable that names the zone. */
  public static final String ZONE_VARIABLE = "TIERCEL_ZONE";

  private static final String AWS_VARIABLE = "AWS_REGION";

  /** Nowhere in particular. */
  public static final Place UNKNOWN = new Place("", "");

  /** Requires both parts. */
  public Place {
    Objects.requireNonNull(region, "region");
    Objects.requireNonNull(zone, "zone");
  }

  /** A region, whatever the zone. */
  public static Place of(String region) {
    return new Place(region, "");
  }

  /**
   * What the process's environment says: {@value #REGION_VARIABLE}, or else {@code AWS_REGION}, and
   * {@value #ZONE_VARIABLE}, as a deployment sets them.
   */
  public static Place fromEnvironment() {
    return from(System.getenv());
  }

  /**
   * What an environment says.
   *
   * @param variables the variables by name
   */
  public static Place from(Map<String, String> variables) {
    var region = variables.getOrDefault(REGION_VARIABLE, "");
    return new Place(
        region.isBlank() ? variables.getOrDefault(AWS_VARIABLE, "").strip() : region.strip(),
        variables.getOrDefault(ZONE_VARIABLE, "").strip());
  }
}
