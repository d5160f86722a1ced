package dev.tiercel.samples.benchmarks.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.FieldPosition;
import java.text.NumberFormat;
import java.text.ParsePosition;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.jfree.chart.ChartUtils;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/**
 * Latency by percentile, a line for each of several measurements: the further to the right, the
 * rarer. Both axes are logarithmic.
 */
public final class PercentileChart {

  private static final int WIDTH = 960;
  private static final int HEIGHT = 600;
  private static final float LINE = 2.4f;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final int STEPS_PER_HALF = 4;
  private static final int TICKS_PER_DECADE = 3;

  /** Blue, red, green, grey: told apart also by those who do not see all colours. */
  private static final Color[] COLORS = {
    new Color(0x00, 0x72, 0xB2),
    new Color(0xD5, 0x5E, 0x00),
    new Color(0x00, 0x9E, 0x73),
    new Color(0x66, 0x66, 0x66)
  };

  private final String title;
  private final XYSeriesCollection lines = new XYSeriesCollection();

  /**
   * A chart without lines.
   *
   * @param title what it shows
   */
  public PercentileChart(String title) {
    this.title = title;
    System.setProperty("java.awt.headless", "true");
  }

  /**
   * Adds a line.
   *
   * @param name what was measured, a name of its own
   * @param nanos the latencies in nanoseconds
   * @return this chart
   */
  public PercentileChart add(String name, Histogram nanos) {
    var line = new XYSeries(name);
    for (var value : nanos.percentiles(STEPS_PER_HALF)) {
      var beyond = 1 - value.getPercentileLevelIteratedTo() / 100;
      // The last step is the largest value of all, which no percentile belongs to.
      if (beyond > 0) {
        line.add(1 / beyond, value.getValueIteratedTo() / NANOS_PER_MILLI);
      }
    }
    lines.addSeries(line);
    return this;
  }

  /**
   * Draws the chart.
   *
   * @param file where to, a PNG; its folder is made if it is not there
   * @throws UncheckedIOException if it cannot be written
   */
  public void write(Path file) {
    var rare = new LogAxis("percentile");
    rare.setTickUnit(new NumberTickUnit(1));
    rare.setNumberFormatOverride(new Percentiles());
    var millis = new LogAxis("latency, ms");
    millis.setTickUnit(new NumberTickUnit(1.0 / TICKS_PER_DECADE));
    millis.setNumberFormatOverride(new TwoDigits());
    var renderer = new XYLineAndShapeRenderer(true, false);
    for (var line = 0; line < lines.getSeriesCount(); line++) {
      renderer.setSeriesPaint(line, COLORS[line % COLORS.length]);
      renderer.setSeriesStroke(line, new BasicStroke(LINE));
    }
    var plot = new XYPlot(lines, rare, millis, renderer);
    plot.setBackgroundPaint(Color.WHITE);
    plot.setDomainGridlinePaint(Color.LIGHT_GRAY);
    plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
    var chart = new JFreeChart(title, plot);
    chart.setBackgroundPaint(Color.WHITE);
    save(chart, file);
  }

  private static void save(JFreeChart chart, Path file) {
    try {
      var folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      ChartUtils.saveChartAsPNG(file.toFile(), chart, WIDTH, HEIGHT);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Writes and does not read. */
  private abstract static class Label extends NumberFormat {

    private static final long serialVersionUID = 1;

    abstract String of(double value);

    @Override
    public StringBuffer format(double value, StringBuffer to, FieldPosition position) {
      return to.append(of(value));
    }

    @Override
    public StringBuffer format(long value, StringBuffer to, FieldPosition position) {
      return to.append(of((double) value));
    }

    @Override
    public Number parse(String text, ParsePosition position) {
      throw new UnsupportedOperationException("parse: " + text + " (expected: only to format)");
    }
  }

  /** Writes 1,000, one in a thousand, as 99.9 %. */
  private static final class Percentiles extends Label {

    private static final long serialVersionUID = 1;

    @Override
    String of(double rare) {
      var percent = String.format(Locale.ROOT, "%.6f", 100 - 100 / rare);
      return percent.replaceFirst("\\.?0+$", "") + " %";
    }
  }

  /** Writes 2.154 as 2.2 and 215.4 as 220. */
  private static final class TwoDigits extends Label {

    private static final long serialVersionUID = 1;
    private static final MathContext TWO_DIGITS = new MathContext(2);

    @Override
    String of(double value) {
      return new BigDecimal(value).round(TWO_DIGITS).stripTrailingZeros().toPlainString();
    }
  }
}
