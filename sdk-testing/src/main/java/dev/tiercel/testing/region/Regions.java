package dev.tiercel.testing.region;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class a {@link RegionHarness} of its own, as a parameter of a constructor, a test or
 * a lifecycle method: see {@link RegionExtension}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(RegionExtension.class)
public @interface Regions {

  /** The regions' names. */
  String[] names() default {"east", "west"};

  /** From a client in one region to an engine in another and back, in milliseconds. */
  int roundTrip() default 20;

  /** How long after its commit a write is replicated at the earliest, in milliseconds. */
  int replicationLag() default 0;

  /** Where all chance comes from; the system property {@code tiercel.seed} overrides it. */
  long seed() default 1;
}
