package dev.tiercel.samples.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
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
 * Measures, per operation, the processor time of the whole process (what maintenance on other
 * threads costs is counted, what the neighbours on a busy machine do is not) and the bytes that the
 * calling threads allocate (a cache's maintenance on other threads, which the GC profiler counts
 * too, is not part of a hit).
 */
public final class CostProfiler implements InternalProfiler {

  /** The name of the processor time, in nanoseconds. */
  static final String CPU = "cost.cpu";

  /** The name of the bytes allocated by callers. */
  static final String CALLER_BYTES = "cost.callerBytes";

  /** What JMH calls the threads that call the benchmark. */
  private static final String CALLER = "-jmh-worker-";

  private final OperatingSystemMXBean process =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
  private long cpuBefore;
  private long bytesBefore;

  @Override
  public String getDescription() {
    return "Processor time of the process and bytes allocated by callers, per operation";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    bytesBefore = callerBytes();
    cpuBefore = process.getProcessCpuTime();
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    var cpu = process.getProcessCpuTime() - cpuBefore;
    var bytes = callerBytes() - bytesBefore;
    var operations = Math.max(1, result.getMetadata().getAllOps());
    return List.of(
        new ScalarResult(CPU, (double) cpu / operations, "ns/op", AggregationPolicy.AVG),
        new ScalarResult(CALLER_BYTES, (double) bytes / operations, "B/op", AggregationPolicy.AVG));
  }

  private long callerBytes() {
    return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(thread -> thread != null && thread.getThreadName().contains(CALLER))
        .mapToLong(thread -> threads.getThreadAllocatedBytes(thread.getThreadId()))
        .sum();
  }
}
