package io.isoline.bench.compare;

import com.google.errorprone.annotations.FormatMethod;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/**
 * A value by the number of hosts, both axes logarithmic.
 *
 * @param unit of the values
 */
record Plot(String title, String unit, List<Series> series) {

  private static final int WIDTH = 660;
  private static final int HEIGHT = 400;
  private static final int LEFT = 90;
  private static final int RIGHT = 470;
  private static final int TOP = 40;
  private static final int BOTTOM = 350;

  /**
   * A line.
   *
   * @param color as SVG has it
   * @param dashes as SVG has them; empty for a line without gaps
   * @param values by number of hosts, all above 0
   */
  record Series(String label, String color, String dashes, SortedMap<Integer, Double> values) {}

  /** Nothing to show: no series has a value. */
  boolean isEmpty() {
    return series.stream().allMatch(each -> each.values().isEmpty());
  }

  /** An SVG document. */
  String svg() {
    double[] hosts =
        range(
            series.stream()
                .flatMap(each -> each.values().keySet().stream())
                .map(Integer::doubleValue)
                .toList());
    double[] values =
        range(series.stream().flatMap(each -> each.values().values().stream()).toList());
    StringBuilder svg = new StringBuilder();
    add(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
            + " font-family=\"sans-serif\" font-size=\"12\">",
        WIDTH,
        HEIGHT);
    add(svg, "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>");
    add(svg, "<text x=\"%d\" y=\"20\" font-size=\"14\">%s</text>", LEFT, title);
    for (int power = (int) hosts[0]; power <= hosts[1]; power++) {
      double x = x(Math.pow(10, power), hosts);
      line(svg, x, TOP, x, BOTTOM);
      add(
          svg,
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%,d</text>",
          x,
          BOTTOM + 18,
          Math.round(Math.pow(10, power)));
    }
    for (int power = (int) values[0]; power <= values[1]; power++) {
      double y = y(Math.pow(10, power), values);
      line(svg, LEFT, y, RIGHT, y);
      add(
          svg,
          "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s %s</text>",
          LEFT - 6,
          y + 4,
          power < 0
              ? Double.toString(Math.pow(10, power))
              : String.format(Locale.ROOT, "%,d", Math.round(Math.pow(10, power))),
          unit);
    }
    add(
        svg,
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">hosts</text>",
        (LEFT + RIGHT) / 2,
        BOTTOM + 36);
    int legend = TOP + 10;
    for (Series each : series) {
      if (!each.values().isEmpty()) {
        draw(svg, each, hosts, values, legend);
        legend += 20;
      }
    }
    return svg.append("</svg>\n").toString();
  }

  private static void draw(
      StringBuilder svg, Series series, double[] hosts, double[] values, int legend) {
    StringBuilder points = new StringBuilder();
    for (Map.Entry<Integer, Double> each : series.values().entrySet()) {
      double x = x(each.getKey(), hosts);
      double y = y(each.getValue(), values);
      points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
      add(svg, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>", x, y, series.color());
    }
    String stroke =
        "fill=\"none\" stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\""
            .formatted(series.color(), series.dashes().isEmpty() ? "none" : series.dashes());
    add(svg, "<polyline points=\"%s\" %s/>", points.toString().strip(), stroke);
    add(
        svg,
        "<path d=\"M%d %d h24\" %s/><text x=\"%d\" y=\"%d\">%s</text>",
        RIGHT + 14,
        legend,
        stroke,
        RIGHT + 44,
        legend + 4,
        series.label());
  }

  private static void line(StringBuilder svg, double x1, double y1, double x2, double y2) {
    add(
        svg,
        "<path d=\"M%.1f %.1f L%.1f %.1f\" stroke=\"#ddd\"/>",
        x1,
        y1,
        x2,
        y2);
  }

  @FormatMethod
  private static void add(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  /** The powers of ten around all values. */
  private static double[] range(List<Double> values) {
    double low = values.stream().min(Double::compare).orElse(1.0);
    double high = values.stream().max(Double::compare).orElse(1.0);
    double from = Math.floor(Math.log10(low));
    return new double[] {from, Math.max(from + 1, Math.ceil(Math.log10(high)))};
  }

  private static double x(double hosts, double[] range) {
    return LEFT + (RIGHT - LEFT) * part(hosts, range);
  }

  private static double y(double value, double[] range) {
    return BOTTOM - (BOTTOM - TOP) * part(value, range);
  }

  private static double part(double value, double[] range) {
    return (Math.log10(value) - range[0]) / (range[1] - range[0]);
  }
}
