package dev.tiercel.observe;

import dev.tiercel.backend.Staleness;
import dev.tiercel.backend.Tier;
import dev.tiercel.observe.ProbeResult.Verdict;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * How the answers of caches compared with the source of record: what a {@link ConsistencyMeter} has
 * heard up to some moment. Answers with the label {@link Staleness#FRESH} matter most, since those
 * with another label said themselves that they may be old.
 *
 * @param lines one for each keyspace, tier and label of which an answer was compared
 * @param failed how many comparisons came to nothing because a backend failed, whatever the tier
 *     and the label; they count nowhere else
 */
public record ConsistencyReport(List<Line> lines, long failed) {

  /**
   * The answers of one keyspace, one tier and one label.
   *
   * @param keyspace the keyspace's name
   * @param tier the tier that answered
   * @param staleness the label of the answers
   * @param verdicts how many answers found which verdict; what none found is not there
   * @param ages for how long answers had been overtaken, where that is known
   */
  public record Line(
      String keyspace,
      Tier tier,
      Staleness staleness,
      Map<Verdict, Long> verdicts,
      DisagreementAges ages) {

    /** Copies the counts. */
    public Line {
      verdicts = Map.copyOf(verdicts);
    }

    /** How many answers found a verdict. */
    public long count(Verdict verdict) {
      return verdicts.getOrDefault(verdict, 0L);
    }
  }

  /** Copies the lines. */
  public ConsistencyReport {
    lines = List.copyOf(lines);
  }

  /** The part of this about one keyspace; {@code failed} stays as it is. */
  public ConsistencyReport only(String keyspace) {
    return only(line -> line.keyspace.equals(keyspace));
  }

  /** The part of this about the answers of one tier; {@code failed} stays as it is. */
  public ConsistencyReport only(Tier tier) {
    return only(line -> line.tier == tier);
  }

  /** The part of this about the answers with one label; {@code failed} stays as it is. */
  public ConsistencyReport only(Staleness label) {
    return only(line -> line.staleness == label);
  }

  private ConsistencyReport only(Predicate<Line> wanted) {
    return new ConsistencyReport(lines.stream().filter(wanted).toList(), failed);
  }

  /** How many answers were compared. */
  public long compared() {
    return sum(verdict -> true);
  }

  /** How many of them agreed. */
  public long agreeing() {
    return sum(Verdict::agrees);
  }

  /** How many found a verdict. */
  public long count(Verdict verdict) {
    return sum(each -> each == verdict);
  }

  private long sum(Predicate<Verdict> counted) {
    return lines.stream()
        .flatMap(line -> line.verdicts.entrySet().stream())
        .filter(entry -> counted.test(entry.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** The share of the compared answers that agreed, 0 to 1; not a number if none was compared. */
  public double share() {
    return (double) agreeing() / compared();
  }

  /** For how long answers had been overtaken, where that is known. */
  public DisagreementAges ages() {
    return lines.stream().map(Line::ages).reduce(DisagreementAges.NONE, DisagreementAges::and);
  }
}
