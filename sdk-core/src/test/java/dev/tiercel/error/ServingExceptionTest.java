package dev.tiercel.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ServingExceptionTest {

  private static final Where WHERE =
      Where.at("redis", "eu-west-1").in("features", Duration.ofMillis(12));

  private static final List<ServingException> ALL = List.of(
      new CodecFailure("value: not JSON", WHERE, null),
      new Conflict("stored version: 7 (expected: version 6)", WHERE, 7),
      new DeadlineExceeded("deadline: passed", WHERE, null),
      new InvalidRequest("key: null (expected: not null)", WHERE, null),
      new OutcomeUnknown("write: no answer", WHERE, null),
      new Overloaded("calls in flight: 9 (expected: fewer)", WHERE, null),
      new Throttled("table: throttled", WHERE, null),
      new Unavailable("connection: refused", WHERE, null));

  @Test
  void theVocabulary_isClosed() {
    assertThat(ServingException.class.getPermittedSubclasses())
        .containsExactlyInAnyOrder(ALL.stream().map(Object::getClass).toArray(Class<?>[]::new));
  }

  @Test
  void message_saysWhatHappenedAndWhere() {
    var locale = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      var message = new Unavailable("connection: refused", WHERE, null).getMessage();
      assertThat(message)
          .isEqualTo("connection: refused [keyspace: features, backend: redis, region: eu-west-1,"
              + " elapsed: 12.000 ms, attempts: 1]");
    } finally {
      Locale.setDefault(locale);
    }
  }

  @Test
  void at_isTheSameFailureWithTheCallersStackTraceAndTheFirstAsItsCause() {
    for (var failure : ALL) {
      var there = failure.at(Where.NOWHERE);

      assertThat(there).isExactlyInstanceOf(failure.getClass()).hasCause(failure);
      assertThat(there.what()).isEqualTo(failure.what());
      assertThat(there.where()).isEqualTo(Where.NOWHERE);
      assertThat(there.retryable()).isEqualTo(failure.retryable());
    }
  }

  @Test
  void conflict_keepsTheStoredVersionWhenToldAgain() {
    assertThat(new Conflict("x", WHERE, 7).at(Where.NOWHERE).storedVersion()).isEqualTo(7);
  }

  @Test
  void retryable_onlyWhereTryingAgainCanHelpAndHarmsNobody() {
    assertThat(ALL.stream().filter(ServingException::retryable))
        .extracting(Object::getClass)
        .containsExactlyInAnyOrder(
            DeadlineExceeded.class, Overloaded.class, Throttled.class, Unavailable.class);
  }
}
