package io.isoline.bench.compare;

import static io.isoline.bench.compare.Figure.CPU_MILLIS;
import static io.isoline.bench.compare.Figure.ENVOY_RSS_MIB;
import static io.isoline.bench.compare.Figure.MILLIS;
import static io.isoline.bench.compare.Figure.P99_MILLIS;
import static io.isoline.bench.compare.Figure.REQUESTS_PER_SECOND;
import static io.isoline.bench.compare.Figure.RSS_MIB;
import static io.isoline.bench.compare.Figure.STREAMS;
import static io.isoline.bench.compare.Figure.XDS_BYTES;
import static io.isoline.bench.compare.Mode.HTTP;
import static io.isoline.bench.compare.Mode.SHARED;
import static io.isoline.bench.compare.Mode.TLS;
import static io.isoline.bench.compare.Step.AT_REST;
import static io.isoline.bench.compare.Step.BACKEND_SWITCHED;
import static io.isoline.bench.compare.Step.CERTIFICATE_ROTATED;
import static io.isoline.bench.compare.Step.ENDPOINT_CHANGED;
import static io.isoline.bench.compare.Step.LOAD_ALL_HOSTS;
import static io.isoline.bench.compare.Step.NEW_INGRESS;
import static io.isoline.bench.compare.Step.START_ENVOY;

import java.util.List;

/**
 * What Isoline wants to reach.
 *
 * @param atMost whether the bound is an upper one
 * @param unit of the bound; "x" for a ratio
 * @param measured NaN when it was not
 */
record Target(String what, boolean atMost, double bound, String unit, double measured) {

  private static final String ISOLINE = "isoline";
  private static final String CONTOUR = "contour";
  private static final int SMALL = 100;
  private static final int MIDDLE = 3_000;
  private static final int LARGE = 10_000;

  /** Medians of equal things differ by this much from run to run. */
  private static final double NOISE = 0.05;

  String verdict() {
    if (Double.isNaN(measured)) {
      return "not measured";
    }
    return (atMost ? measured <= bound : measured >= bound) ? "met" : "**missed**";
  }

  static List<Target> of(Figures figures) {
    int measured =
        figures.sizes(HTTP).stream()
            .filter(n -> !Double.isNaN(versus(figures, HTTP, n, LOAD_ALL_HOSTS, P99_MILLIS)))
            .reduce(0, Math::max);
    return List.of(
        atMost(
            "new HTTP Ingress live, Isoline at 10,000 hosts / at 100",
            2,
            growth(figures, HTTP, LARGE, NEW_INGRESS)),
        atMost(
            "HTTP backend switched, Isoline at 10,000 / at 100",
            2,
            growth(figures, HTTP, LARGE, BACKEND_SWITCHED)),
        atLeast(
            "new HTTP Ingress live at 3,000, Contour / Isoline",
            20,
            versus(figures, HTTP, MIDDLE, NEW_INGRESS, MILLIS)),
        atLeast(
            "HTTP backend switched at 3,000, Contour / Isoline",
            20,
            versus(figures, HTTP, MIDDLE, BACKEND_SWITCHED, MILLIS)),
        atLeast(
            "new TLS Ingress live at 3,000 own certificates, Contour / Isoline",
            10,
            versus(figures, TLS, MIDDLE, NEW_INGRESS, MILLIS)),
        atMost(
            "new TLS Ingress live with a shared certificate, Isoline at 3,000 / at 100",
            2,
            growth(figures, SHARED, MIDDLE, NEW_INGRESS)),
        atMost(
            "endpoint changed, Isoline at 10,000 HTTP hosts / at 100",
            1.5,
            growth(figures, HTTP, LARGE, ENDPOINT_CHANGED)),
        atMost(
            "certificate rotated, Isoline at 10,000 own certificates / at 100",
            1.5,
            growth(figures, TLS, LARGE, CERTIFICATE_ROTATED)),
        new Target(
            "xDS bytes of one route change at 10,000 HTTP hosts",
            true,
            2_000,
            "B",
            isoline(figures, HTTP, LARGE, BACKEND_SWITCHED, XDS_BYTES)),
        new Target(
            "streams of one Envoy, the most of all sizes and modes",
            true,
            1,
            "",
            figures.modes().stream()
                .flatMap(
                    mode ->
                        figures.sizes(mode).stream()
                            .map(n -> isoline(figures, mode, n, AT_REST, STREAMS)))
                .filter(streams -> !streams.isNaN())
                .reduce(Double.NaN, (a, b) -> a > b ? a : b)),
        atLeast(
            "memory of Envoy at 3,000 own certificates, Contour / Isoline",
            5,
            versus(figures, TLS, MIDDLE, AT_REST, ENVOY_RSS_MIB)),
        new Target(
            "memory of the control plane at 10,000 HTTP hosts",
            true,
            400,
            "MiB",
            isoline(figures, HTTP, LARGE, AT_REST, RSS_MIB)),
        atLeast(
            "the same, Contour / Isoline",
            3,
            versus(figures, HTTP, LARGE, AT_REST, RSS_MIB)),
        new Target(
            "CPU of the control plane for one route change at 10,000 HTTP hosts",
            true,
            5,
            "ms",
            isoline(figures, HTTP, LARGE, BACKEND_SWITCHED, CPU_MILLIS)),
        atLeast(
            "Envoy's start until the last of 3,000 own certificates answers, Contour / Isoline",
            10,
            versus(figures, TLS, MIDDLE, START_ENVOY, MILLIS)),
        atMost(
            "throughput at %s, Contour / Isoline, 5 %% of noise allowed".formatted(hosts(measured)),
            1 + NOISE,
            versus(figures, HTTP, measured, LOAD_ALL_HOSTS, REQUESTS_PER_SECOND)),
        atLeast(
            "p99 of requests at %s, Contour / Isoline, 5 %% of noise allowed"
                .formatted(hosts(measured)),
            1 - NOISE,
            versus(figures, HTTP, measured, LOAD_ALL_HOSTS, P99_MILLIS)));
  }

  private static String hosts(int measured) {
    return measured == 0 ? "the most hosts" : "%,d hosts".formatted(measured);
  }

  private static Target atMost(String what, double bound, double measured) {
    return new Target(what, true, bound, "x", measured);
  }

  private static Target atLeast(String what, double bound, double measured) {
    return new Target(what, false, bound, "x", measured);
  }

  private static double isoline(Figures figures, Mode mode, int hosts, Step step, Figure figure) {
    return figures.median(ISOLINE, mode, hosts, step, figure);
  }

  private static double versus(Figures figures, Mode mode, int hosts, Step step, Figure figure) {
    return figures.median(CONTOUR, mode, hosts, step, figure)
        / figures.median(ISOLINE, mode, hosts, step, figure);
  }

  private static double growth(Figures figures, Mode mode, int hosts, Step step) {
    return isoline(figures, mode, hosts, step, MILLIS)
        / isoline(figures, mode, SMALL, step, MILLIS);
  }
}
