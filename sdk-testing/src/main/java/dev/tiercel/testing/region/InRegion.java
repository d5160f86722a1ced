package dev.tiercel.testing.region;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Of which region a parameter is: a {@link HarnessRegion}, or a client that a
 * {@link RegionExtension} knows how to make.
 */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface InRegion {

  /** The region's name. */
  String value();
}
