package dev.tiercel.samples.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Measures the processor time of the whole process per operation: what maintenance on other threads costs is counted, and
 * what the neighbours on a busy machine do is not.
 */
public final class CpuProfiler implements InternalProfiler {

  /** The name of its result. */
  static final String CPU = "cpu.norm";

  private final OperatingSystemMXBean process =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private long before;

  @Override
  public String getDescription() {
    return "Processor time of the process per operation";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    before = process.getProcessCpuTime();
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    var spent = process.getProcessCpuTime() - before;
    var perOperation = (double) spent / Math.max(1, result.getMetadata().getAllOps());
    return List.of(new ScalarResult(CPU, perOperation, "ns/op", AggregationPolicy.AVG));
  }
}
