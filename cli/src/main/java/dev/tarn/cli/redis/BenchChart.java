package dev.tarn.cli.redis;

import dev.tarn.cli.redis.ScanBench.Measured;
import java.awt.Color;
import java.awt.Dimension;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.w3c.dom.Document;

/** Rates as bars, one colour for what is varied. */
final class BenchChart {

  private static final int WIDTH = 1000;
  private static final int HEIGHT = 520;
  private static final double SLANT = 45;

  private BenchChart() {}

  static void write(Path file, List<Measured> results) throws IOException {
    System.setProperty("java.awt.headless", "true");
    var svg = new SVGGraphics2D(document());
    svg.setSVGCanvasSize(new Dimension(WIDTH, HEIGHT));
    chart(results).paint(svg, WIDTH, HEIGHT);
    var text = new StringWriter();
    svg.stream(text, true);
    Files.writeString(file, text.toString());
  }

  private static CategoryChart chart(List<Measured> results) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Scanning %,d hashes".formatted(results.getFirst().rows()))
            .yAxisTitle("rows a second")
            .build();
    chart
        .getStyler()
        .setOverlapped(true)
        .setAvailableSpaceFill(0.8)
        .setXAxisLabelRotation((int) SLANT)
        .setLegendPosition(LegendPosition.OutsideE)
        .setDecimalPattern("#,###")
        .setChartBackgroundColor(Color.WHITE);
    List<String> scans = results.stream().map(Measured::scan).toList();
    results.stream()
        .map(Measured::about)
        .distinct()
        .forEach(about -> chart.addSeries(about, scans, rates(results, about)));
    return chart;
  }

  /** Nothing where a bar is another's. */
  private static List<Long> rates(List<Measured> results, String about) {
    return results.stream().map(r -> r.about().equals(about) ? r.rowsPerSecond() : 0L).toList();
  }

  private static Document document() throws IOException {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .getDOMImplementation()
          .createDocument("http://www.w3.org/2000/svg", "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IOException(e);
    }
  }
}
