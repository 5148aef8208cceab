package io.isoline.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class PlotTest {

  private static Plot plot(Map<Integer, Double> values) {
    return new Plot(
        "Time",
        "ms",
        List.of(new Plot.Series("Isoline", "blue", "", new TreeMap<>(values))));
  }

  @Test
  void svg_twoValues_lineThroughTheCornersOfTheirPowersOfTen() throws Exception {
    Document svg =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(
                new ByteArrayInputStream(
                    plot(Map.of(100, 1.0, 1_000, 10.0)).svg().getBytes(StandardCharsets.UTF_8)));

    Element line = (Element) svg.getElementsByTagName("polyline").item(0);
    assertEquals("90.0,350.0 470.0,40.0", line.getAttribute("points"));
  }

  @Test
  void isEmpty_noValue_true() {
    assertTrue(plot(Map.of()).isEmpty());
  }
}
