package dev.tiercel.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The page of guarantees names tests that are there, and at least one for each guarantee it says
 * holds.
 */
class GuaranteesTest {

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Pattern ROW = Pattern.compile("\\| (G\\d+) \\|[^|]*\\|([^|]*)\\|(.*)\\|");
  private static final Pattern NAME = Pattern.compile("`(\\w+Test)(?:#(\\w+))?`");

  @Test
  void everyGuarantee_hasARow() throws IOException {
    assertThat(rows().keySet())
        .containsAll(IntStream.rangeClosed(1, 14).mapToObj(i -> "G" + i).toList());
  }

  @Test
  void guaranteeThatHolds_namesATest() throws IOException {
    var bare = new ArrayList<String>();
    rows().forEach((guarantee, row) -> {
      if (row.group(2).strip().startsWith("holds")
          && !NAME.matcher(row.group(3)).find()) {
        bare.add(guarantee);
      }
    });
    assertThat(bare).isEmpty();
  }

  @Test
  void testsNamed_areThere() throws IOException {
    var sources = testSources();
    var missing = new ArrayList<String>();
    var names = NAME.matcher(Files.readString(ROOT.resolve("docs/guarantees.md")));
    while (names.find()) {
      var source = sources.getOrDefault(names.group(1) + ".java", "");
      if (source.isEmpty()
          || (names.group(2) != null && !source.contains(" " + names.group(2) + "("))) {
        missing.add(names.group());
      }
    }
    assertThat(missing).isEmpty();
  }

  private static Map<String, MatchResult> rows() throws IOException {
    var rows = new HashMap<String, MatchResult>();
    for (var line : Files.readAllLines(ROOT.resolve("docs/guarantees.md"))) {
      var row = ROW.matcher(line);
      if (row.matches()) {
        rows.put(row.group(1), row.toMatchResult());
      }
    }
    return rows;
  }

  private static Map<String, String> testSources() throws IOException {
    var sources = new HashMap<String, String>();
    try (var files = Files.walk(ROOT)) {
      for (var file :
          files.filter(path -> path.toString().contains("/src/test/java/")).toList()) {
        if (file.toString().endsWith(".java")) {
          sources.put(file.getFileName().toString(), Files.readString(file));
        }
      }
    }
    return sources;
  }
}
