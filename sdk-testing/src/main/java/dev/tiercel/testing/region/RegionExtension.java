package dev.tiercel.testing.region;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Gives a test class several regions of its own: a parameter of type {@link RegionHarness}, or of
 * type {@link HarnessRegion} with {@link InRegion}. Every test finds all faults healed; the seed is
 * printed with the failure of a test, as a suppressed exception.
 *
 * <p>Either by {@link Regions} at the class, or registered with options and, for clients, with how
 * they are made: {@code @RegisterExtension static final RegionExtension REGIONS =
 * RegionExtension.of(RegionOptions.of("east", "west")).client(Client.class, (harness, region) ->
 * ...)}. A test has a client of each region then, as a parameter of that type with
 * {@link InRegion}; it is closed after the test if it can be.
 */
public final class RegionExtension
    implements BeforeAllCallback,
        BeforeEachCallback,
        AfterEachCallback,
        ParameterResolver,
        TestExecutionExceptionHandler {

  private static final String SEED = "tiercel.seed";

  private final @Nullable RegionOptions options;
  private final Map<Class<?>, BiFunction<RegionHarness, HarnessRegion, ?>> clients =
      new ConcurrentHashMap<>();
  private final Namespace namespace = Namespace.create(RegionExtension.class, new Object());

  /** As {@link Regions} at the class says, and as its defaults say without. */
  public RegionExtension() {
    this(null);
  }

  private RegionExtension(@Nullable RegionOptions options) {
    this.options = options;
  }

  /** As options say; the system property {@code tiercel.seed} overrides their seed. */
  public static RegionExtension of(RegionOptions options) {
    return new RegionExtension(options);
  }

  /**
   * Makes clients for those tests that ask for one, when they do.
   *
   * @param type the type of their parameter
   * @param factory makes a client that is in a region, of the harness and that region
   */
  public <T> RegionExtension client(
      Class<T> type, BiFunction<RegionHarness, HarnessRegion, ? extends T> factory) {
    clients.put(type, factory);
    return this;
  }

  /** Starts the regions before the first test, so that no test pays for it. */
  @Override
  public void beforeAll(ExtensionContext context) {
    harness(context);
  }

  /** Heals also what the constructor of the class or a test before has left. */
  @Override
  public void beforeEach(ExtensionContext context) {
    harness(context).heal();
  }

  /** Heals before clients are closed: they need not wait for what does not answer. */
  @Override
  public void afterEach(ExtensionContext context) {
    harness(context).heal();
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    failure.addSuppressed(new SeedOfFailure(harness(context).seed()));
    throw failure;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    var type = parameter.getParameter().getType();
    return type == RegionHarness.class
        || (parameter.isAnnotated(InRegion.class)
            && (type == HarnessRegion.class || clients.containsKey(type)));
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var harness = harness(context);
    var type = parameter.getParameter().getType();
    var region = parameter.findAnnotation(InRegion.class).map(InRegion::value);
    if (type == RegionHarness.class || region.isEmpty()) {
      return harness;
    }
    return type == HarnessRegion.class
        ? harness.region(region.get())
        : client(type, harness, harness.region(region.get()), context);
  }

  private Object client(
      Class<?> type, RegionHarness harness, HarnessRegion region, ExtensionContext context) {
    var factory = clients.get(type);
    if (factory == null) {
      throw new IllegalStateException("client: " + type + " (expected: one with a factory)");
    }
    record Key(Class<?> type, String region) {}
    return context
        .getStore(namespace)
        .getOrComputeIfAbsent(
            new Key(type, region.name()), key -> factory.apply(harness, region), Object.class);
  }

  /** The store of the class closes it after the last test. */
  private RegionHarness harness(ExtensionContext context) {
    var holder = outermost(context);
    return holder
        .getStore(namespace)
        .getOrComputeIfAbsent(
            RegionHarness.class,
            ignored -> RegionHarness.start(options(holder)),
            RegionHarness.class);
  }

  /** The outermost class's, so that nested ones share it. */
  private static ExtensionContext outermost(ExtensionContext context) {
    var parent = context.getParent();
    return parent.isPresent() && parent.get().getTestClass().isPresent()
        ? outermost(parent.get())
        : context;
  }

  private RegionOptions options(ExtensionContext context) {
    var wanted = options == null ? annotated(context) : options;
    return wanted.seed(Long.getLong(SEED, wanted.seed()));
  }

  private static RegionOptions annotated(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getTestClass(), Regions.class)
        .map(regions -> RegionOptions.of(regions.names())
            .roundTrip(Duration.ofMillis(regions.roundTrip()))
            .replicationLag(Duration.ofMillis(regions.replicationLag()))
            .seed(regions.seed()))
        .orElseGet(() -> RegionOptions.of("east", "west"));
  }

  /** What a failed test is to be repeated with. */
  private static final class SeedOfFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SeedOfFailure(long seed) {
      super("seed: " + seed + " (to be set by -D" + SEED + "=" + seed + ")", null, false, false);
    }
  }
}
