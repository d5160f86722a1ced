package dev.tiercel.samples.benchmarks.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PercentileChartTest {

  @TempDir
  private Path folder;

  @Test
  void write_twoLines_isAPictureOfBoth() throws IOException {
    var file = folder.resolve("made/chart.png");
    new PercentileChart("test")
        .add("one", histogram(1))
        .add("two", histogram(10))
        .write(file);
    var image = ImageIO.read(file.toFile());
    assertThat(image.getWidth()).isGreaterThan(image.getHeight());
    assertThat(hasColor(image, 0x0072B2)).isTrue();
    assertThat(hasColor(image, 0xD55E00)).isTrue();
  }

  private static Histogram histogram(int factor) {
    var histogram = new Histogram(3);
    for (var value = 1L; value <= 10_000; value++) {
      histogram.recordValue(value * factor * 1_000);
    }
    return histogram;
  }

  private static boolean hasColor(BufferedImage image, int color) {
    for (var x = 0; x < image.getWidth(); x++) {
      for (var y = 0; y < image.getHeight(); y++) {
        if ((image.getRGB(x, y) & 0xFFFFFF) == color) {
          return true;
        }
      }
    }
    return false;
  }
}
