package dev.tiercel.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The code on the pages is the code of tests that run: each Java block follows a comment that names
 * a test's source and a region of it, between {@code // region name} and {@code // endregion}, and
 * says the same to the letter. Links between pages lead somewhere.
 */
class SnippetsTest {

  private static final Path ROOT = root();
  private static final Pattern BLOCK =
      Pattern.compile("(?:<!-- from (\\S+)#(\\S+) -->\\n)?```java\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(?:#[^)]*)?\\)");

  static Stream<Path> pages() throws IOException {
    try (var docs = Files.walk(ROOT.resolve("docs"))) {
      var pages =
          new ArrayList<>(docs.filter(path -> path.toString().endsWith(".md")).toList());
      pages.add(ROOT.resolve("README.md"));
      pages.add(ROOT.resolve("CONTRIBUTING.md"));
      pages.removeIf(path -> path.toString().contains("/target/"));
      return pages.stream();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void javaBlocks_areRegionsOfTests(Path page) throws IOException {
    var blocks = BLOCK.matcher(Files.readString(page));
    while (blocks.find()) {
      assertThat(blocks.group(1)).as("source of a block in " + page).isNotNull();
      var source = ROOT.resolve(blocks.group(1));
      assertThat(blocks.group(3)).as("block in " + page).isEqualTo(region(source, blocks.group(2)));
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void links_leadToFiles(Path page) throws IOException {
    var links = LINK.matcher(Files.readString(page));
    var broken = new ArrayList<String>();
    while (links.find()) {
      var target = links.group(1);
      if (!target.startsWith("http") && !Files.exists(page.resolveSibling(target))) {
        broken.add(target);
      }
    }
    assertThat(broken).as("broken links of " + page).isEmpty();
  }

  @Test
  void pages_areThere() throws IOException {
    assertThat(pages()).hasSizeGreaterThan(5);
  }

  private static String region(Path source, String name) throws IOException {
    List<String> lines = Files.readAllLines(source);
    var start = lines.stream().map(String::strip).toList().indexOf("// region " + name);
    assertThat(start).as("region " + name + " of " + source).isNotNegative();
    var region = new ArrayList<String>();
    for (var line : lines.subList(start + 1, lines.size())) {
      if (line.strip().equals("// endregion")) {
        break;
      }
      region.add(line);
    }
    var indent = region.stream()
        .filter(line -> !line.isBlank())
        .mapToInt(line -> line.length() - line.stripLeading().length())
        .min()
        .orElse(0);
    var text = new StringBuilder();
    region.forEach(
        line -> text.append(line.isBlank() ? "" : line.substring(indent)).append('\n'));
    return text.toString();
  }

  private static Path root() {
    var here = Path.of("").toAbsolutePath();
    return here.endsWith("docs") ? here.getParent() : here;
  }
}
