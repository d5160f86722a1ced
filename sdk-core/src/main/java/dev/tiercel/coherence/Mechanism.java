package dev.tiercel.coherence;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/**
 * What keeps the caches honest, each of which a test can switch off to see that it would notice.
 *
 * <p>For tests only: the system property {@code tiercel.test.without} names the mechanisms to go
 * without, separated by commas, and is read once. Without any of them caches lie.
 */
public enum Mechanism {
  /** A load is stored locally only if its key was not written or invalidated since it began. */
  FENCE,
  /** A load is stored in the remote tier only under its lease. */
  LEASE,
  /** An interruption of the feed makes local entries suspect. */
  SUSPECT,
  /** An answer older than what this process has seen of a key is not taken as it is. */
  FLOOR;

  /** Read when it is first asked for, since constants are made before anything else of an enum. */
  private static final class Off {

    private static final String PROPERTY = "tiercel.test.without";
    private static final Set<String> NAMES = names();

    private static Set<String> names() {
      var names = System.getProperty(PROPERTY, "");
      if (names.isEmpty()) {
        return Set.of();
      }
      LoggerFactory.getLogger(Mechanism.class)
          .warn("{}: {} (expected: not set; the caches are not coherent)", PROPERTY, names);
      return Arrays.stream(names.split(",", -1)).map(String::trim).collect(Collectors.toSet());
    }
  }

  private final String text = name().toLowerCase(Locale.ROOT);

  /** Whether it is at work: always, but in tests that say otherwise. */
  public boolean isOn() {
    return !Off.NAMES.contains(text);
  }
}
