package dev.tiercel.region;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PlaceTest {

  @Test
  void from_ownVariables_winOverThoseOfThePlatform() {
    var place = Place.from(Map.of(
        "TIERCEL_REGION", "eu-west-1", "TIERCEL_ZONE", "eu-west-1a", "AWS_REGION", "us-east-1"));

    assertThat(place).isEqualTo(new Place("eu-west-1", "eu-west-1a"));
  }

  @Test
  void from_noVariableOfItsOwn_takesThePlatformsRegion() {
    assertThat(Place.from(Map.of("AWS_REGION", "us-east-1"))).isEqualTo(Place.of("us-east-1"));
    assertThat(Place.from(Map.of("TIERCEL_REGION", " ", "AWS_REGION", "us-east-1")))
        .as("a variable that a template left empty")
        .isEqualTo(Place.of("us-east-1"));
  }

  @Test
  void from_nothing_isNowhere() {
    assertThat(Place.from(Map.of())).isEqualTo(Place.UNKNOWN);
  }
}
