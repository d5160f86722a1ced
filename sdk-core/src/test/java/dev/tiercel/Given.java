package dev.tiercel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a property is given in one case: values of the kinds it asks for, by name.
 *
 * <p>The edges of every kind come first (the n-th case gives the n-th edge of all it is asked for),
 * then chance, which throws an edge in now and then. Chance comes from one seed per run; a failure
 * names it, the case and what was given, and {@code -Dtiercel.seed=...} repeats it.
 */
public final class Given {

  private static final String SEED_PROPERTY = "tiercel.seed";
  private static final long SEED = seed(System.getProperty(SEED_PROPERTY));
  private static final int CASES = 1_000;
  private static final int EDGE_ONE_IN = 8;
  private static final int SOMETIMES_ONE_IN = 5;
  private static final int SHOWN_UNITS = 16;
  private static final int SHOWN_VALUES = 20;

  private static final List<Long> LONGS = List.of(
      0L,
      1L,
      -1L,
      127L,
      128L,
      -128L,
      255L,
      256L,
      1L << 31,
      -1L << 31,
      (1L << 31) - 1,
      1L << 32,
      1L << 62);
  private static final List<Double> REALS = Stream.of(
          0L, // zero, and below it the smallest, the largest, infinities, NaNs and another zero
          1L,
          0x000F_FFFF_FFFF_FFFFL,
          0x0010_0000_0000_0000L,
          0x3FF0_0000_0000_0000L,
          0x7FEF_FFFF_FFFF_FFFFL,
          0x7FF0_0000_0000_0000L,
          0xFFF0_0000_0000_0000L,
          0x7FF8_0000_0000_0000L,
          0x7FF0_0000_0000_0001L,
          0xFFFF_FFFF_FFFF_FFFFL,
          0x8000_0000_0000_0000L)
      .map(Double::longBitsToDouble)
      .toList();
  private static final List<String> TEXTS = List.of(
      "",
      "\0",
      "a",
      "%:{}",
      "\u007F",
      "\u0080",
      "\u07FF",
      "\u0800",
      "\uFEFFa",
      "\uFFFD",
      "\uFFFF",
      "\uD800\uDC00",
      "\uDBFF\uDFFF");
  private static final List<String> UNPAIRED =
      List.of("\uD800", "\uDC00", "\uDC00\uD800", "a\uDBFF", "\uDFFFa", "\uD800\uD800\uDC00");

  private final RandomGenerator random;
  private final int edge;
  private final List<String> descriptions = new ArrayList<>();
  private int mostEdges;

  private Given(RandomGenerator random, int edge) {
    this.random = random;
    this.edge = edge;
  }

  /** Checks a property in all edge cases and in a thousand others. */
  public static void forAll(Consumer<Given> property) {
    forAll(CASES, property);
  }

  /** Checks a property in all edge cases and in so many others. */
  public static void forAll(int cases, Consumer<Given> property) {
    forAll(SEED, cases, property);
  }

  static void forAll(long seed, int cases, Consumer<Given> property) {
    var chance = new SplittableRandom(seed);
    var edgeCases = 1;
    for (var number = 0; number < edgeCases + cases; number++) {
      var edgeCase = number < edgeCases;
      var given = new Given(chance.split(), edgeCase ? number : -1);
      check(property, given, seed, number);
      edgeCases = edgeCase ? Math.max(edgeCases, given.mostEdges) : edgeCases;
    }
  }

  // Whatever a property throws, an error of the JVM (a stack overflow) too, belongs to its case.
  private static void check(Consumer<Given> property, Given given, long seed, int number) {
    try {
      property.accept(given);
    } catch (Throwable failure) {
      throw new AssertionError(
          "case " + number + " failed, given " + given + "; repeat with -D" + SEED_PROPERTY + "="
              + seed,
          failure);
    }
  }

  /** A whole number between bounds, both included. */
  public int integer(String name, int min, int max) {
    return (int) number(name, min, max);
  }

  /** A whole number between bounds, both included; edges are the bounds, zero and powers of two. */
  public long number(String name, long min, long max) {
    var edges = Stream.concat(Stream.of(min, max), LONGS.stream())
        .filter(value -> value >= min && value <= max)
        .distinct()
        .toList();
    return value(name, edges, () -> anyNumber(min, max));
  }

  /** Any number with a fraction, infinities and NaNs with all their bits among them. */
  public double real(String name) {
    return value(name, REALS, () -> Double.longBitsToDouble(random.nextLong()));
  }

  /** Bytes; edges are the fewest, one and two more, and the most, all zero and all 0xFF. */
  public byte[] bytes(String name, int minSize, int maxSize) {
    var edges = Stream.of(minSize, minSize + 1, minSize + 2, maxSize)
        .filter(size -> size <= maxSize)
        .distinct()
        .flatMap(size -> Stream.of(filled(size, (byte) 0), filled(size, (byte) 0xFF)))
        .toList();
    return value(name, edges, () -> {
      var bytes = new byte[size(minSize, maxSize)];
      random.nextBytes(bytes);
      return bytes;
    });
  }

  /** Any text of up to so many chars, unpaired surrogates among them. */
  public String text(String name, int maxLength) {
    return text(name, maxLength, true);
  }

  /** Text that has a UTF-8 form. */
  public String wellFormedText(String name, int maxLength) {
    return text(name, maxLength, false);
  }

  /** Never in an edge case, and about one time in six otherwise. */
  public boolean sometimes(String name) {
    return value(name, List.of(false), () -> random.nextInt(SOMETIMES_ONE_IN) == 0);
  }

  /** Up to so many of what is asked for again and again. */
  public <T> List<T> list(String name, int maxSize, Supplier<T> element) {
    return IntStream.range(0, value(name + " size", List.of(0, 1, maxSize), () -> size(0, maxSize)))
        .mapToObj(i -> element.get())
        .toList();
  }

  /** What was given so far, shortened. */
  @Override
  public String toString() {
    var more = descriptions.size() > SHOWN_VALUES ? ", ..." : "";
    return String.join(", ", descriptions.subList(0, Math.min(SHOWN_VALUES, descriptions.size())))
        + more;
  }

  private <T> T value(String name, List<T> edges, Supplier<T> chance) {
    mostEdges = Math.max(mostEdges, edges.size());
    var value = edge >= 0
        ? edges.get(edge % edges.size())
        : random.nextInt(EDGE_ONE_IN) == 0 ? edges.get(random.nextInt(edges.size())) : chance.get();
    descriptions.add(name + ": " + shown(value));
    return value;
  }

  private String text(String name, int maxLength, boolean unpaired) {
    var edges = new ArrayList<>(TEXTS);
    edges.add("x".repeat(maxLength));
    edges.add("\uFFFF".repeat(maxLength));
    if (unpaired) {
      edges.addAll(UNPAIRED);
      edges.add("\uD800".repeat(maxLength));
    }
    edges.removeIf(text -> text.length() > maxLength);
    return value(name, edges, () -> anyText(size(0, maxLength), unpaired));
  }

  private String anyText(int length, boolean unpaired) {
    var text = new StringBuilder();
    while (text.length() < length) {
      switch (random.nextInt(unpaired ? 5 : 4)) {
        case 0, 1 -> text.append((char) random.nextInt(0x80));
        case 2 -> text.append((char) random.nextInt(Character.MIN_SURROGATE));
        case 3 ->
          text.appendCodePoint(
              random.nextInt(Character.MIN_SUPPLEMENTARY_CODE_POINT, Character.MAX_CODE_POINT + 1));
        default ->
          text.append((char) random.nextInt(Character.MIN_SURROGATE, Character.MAX_VALUE + 1));
      }
    }
    // A pair may stand across the end: it is dropped as a whole.
    return text.length() > length ? text.substring(0, length - 1) : text.toString();
  }

  /** As often of few bits as of many: a uniform number would hardly ever be small. */
  private long anyNumber(long min, long max) {
    if (min == max) {
      return min;
    }
    var value = random.nextLong() >> random.nextInt(Long.SIZE);
    return value >= min && value <= max ? value : random.nextLong(min, max) + random.nextInt(2);
  }

  private static byte[] filled(int size, byte value) {
    var bytes = new byte[size];
    Arrays.fill(bytes, value);
    return bytes;
  }

  /** Rather small than large. */
  private int size(int min, int max) {
    return min + random.nextInt(random.nextInt(max - min + 1) + 1);
  }

  private static String shown(Object value) {
    if (value instanceof byte[] bytes) {
      var most = Math.min(SHOWN_UNITS, bytes.length);
      return bytes.length + " bytes [" + HexFormat.of().formatHex(bytes, 0, most)
          + (most < bytes.length ? "..." : "") + "]";
    }
    if (value instanceof String text) {
      var most = Math.min(SHOWN_UNITS, text.length());
      return text.length() + " chars \"" + escaped(text.substring(0, most))
          + (most < text.length() ? "..." : "") + "\"";
    }
    return String.valueOf(value);
  }

  private static String escaped(String text) {
    return text.chars()
        .mapToObj(unit ->
            unit >= ' ' && unit < 0x7F ? Character.toString(unit) : String.format("\\u%04X", unit))
        .collect(Collectors.joining());
  }

  private static long seed(@Nullable String stated) {
    return stated == null ? new SplittableRandom().nextLong() : Long.parseLong(stated);
  }
}
