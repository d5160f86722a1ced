/**
 * A checker of histories: what several processes did to a keyspace is recorded while faults are
 * injected, and then held against the guarantees on staleness and order.
 *
 * <p>In each process:
 *
 * <pre>{@code
 * try (var recorder = HistoryRecorder.open(keyspace, 3, directory.resolve("3.history"))) {
 *   recorder.put("k7");
 *   recorder.read("k7");
 *   recorder.invalidate(new Scope.All(), keyspace::expireAll);
 * }
 * }</pre>
 *
 * <p>And once all is over and whole again:
 *
 * <pre>{@code
 * var rules = Rules.of(Duration.ofSeconds(30)).faults(faults);
 * var report = new HistoryChecker(rules).check(History.load(files), finalReads);
 * assertThat(report.passed()).as("seed %s%n%s", seed, report).isTrue();
 * }</pre>
 */
@NullMarked
package dev.tiercel.testing.check;

import org.jspecify.annotations.NullMarked;
