package dev.tiercel.testing;

import dev.tiercel.testing.engine.Engine;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** What the extensions have in common: when an engine starts, who shares it, and that it ends. */
abstract sealed class EngineExtension<E extends Engine>
    implements BeforeAllCallback, BeforeEachCallback, ParameterResolver
    permits RedisExtension, DynamoDbExtension {
  private final Class<E> type;
  private final Supplier<E> launcher;
  private final boolean own;
  /** Apart for each extension with an engine of its own, so that a class can have two of them. */
  private final Namespace namespace;

  EngineExtension(Class<E> type, Supplier<E> launcher, boolean own) {
    this.type = type;
    this.launcher = launcher;
    this.own = own;
    this.namespace = own ? Namespace.create(type, new Object()) : Namespace.create(type);
  }

  /** Starts the engine before the first test, so that no test pays for it. */
  @Override
  public void beforeAll(ExtensionContext context) {
    engine(context);
  }

  /**
   * Brings back an engine of the class's own that the test before has stopped, killed or paused.
   */
  @Override
  public void beforeEach(ExtensionContext context) {
    var engine = engine(context);
    if (own) {
      engine.ensureAnswering();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == type;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return engine(context);
  }

  /**
   * The store closes what it holds: the root's at the end of the run, a class's after its last
   * test.
   */
  final E engine(ExtensionContext context) {
    return store(context).getOrComputeIfAbsent(type, ignored -> launcher.get(), type);
  }

  /** Where what this extension starts is held: by the run, or by its class or test. */
  final Store store(ExtensionContext context) {
    var holder = own ? context : context.getRoot();
    return holder.getStore(namespace);
  }
}
