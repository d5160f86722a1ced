package dev.tiercel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The blocking and the asynchronous view of a keyspace offer the same calls. */
class KeyspaceSignaturesTest {

  private static final Set<String> OF_ONE_VIEW_ONLY = Set.of("async");

  private static final Map<String, String> BOXES =
      Map.of("long", "java.lang.Long", "void", "java.lang.Void");

  @Test
  void syncAndAsync_haveTheSameCallsWithTheSameTypes() {
    assertThat(signatures(AsyncKeyspace.class))
        .isEqualTo(signatures(Keyspace.class))
        .hasSizeGreaterThan(20);
  }

  @Test
  void everyAsyncCall_returnsAFuture() {
    assertThat(AsyncKeyspace.class.getMethods())
        .filteredOn(method -> !method.getName().equals("name"))
        .allMatch(method -> method.getReturnType() == CompletableFuture.class);
  }

  private static Set<String> signatures(Class<?> view) {
    return Arrays.stream(view.getMethods())
        .filter(method -> !OF_ONE_VIEW_ONLY.contains(method.getName()))
        .map(KeyspaceSignaturesTest::signature)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String signature(Method method) {
    var parameters = Arrays.stream(method.getGenericParameterTypes())
        .map(Type::getTypeName)
        .collect(Collectors.joining(", "));
    return method.getName() + "(" + parameters + "): " + result(method.getGenericReturnType());
  }

  private static String result(Type type) {
    if (type instanceof ParameterizedType future
        && future.getRawType() == CompletableFuture.class) {
      return future.getActualTypeArguments()[0].getTypeName();
    }
    return BOXES.getOrDefault(type.getTypeName(), type.getTypeName());
  }
}
