package io.isoline.controlplane.migrate.verify;

import io.isoline.controlplane.migrate.verify.Probe.Header;
import io.isoline.translator.annotation.Annotations;
import io.isoline.translator.kube.IngressRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Headers that the annotations of an Ingress speak of: of CORS, canaries and sessions. */
final class AnnotationHeaders {

  private static final Pattern NAME = Pattern.compile("[-!#$%&'*+.^_`|~0-9A-Za-z]{1,100}");
  private static final Pattern VALUE = Pattern.compile("[!-~]([ -~]{0,498}[!-~])?");
  private static final String STRANGER = "https://isoline-verify.invalid";
  private static final int MOST_ORIGINS = 3;

  private final IngressRecord ingress;

  AnnotationHeaders(IngressRecord ingress) {
    this.ingress = ingress;
  }

  /**
   * A request with headers.
   *
   * @param about what it tries, in words
   */
  record Variant(String method, String about, List<Header> headers) {}

  /** The value of an annotation under either prefix; empty when it is not there. */
  String value(String key) {
    String own = ingress.annotations().get(Annotations.OWN_PREFIX + key);
    String value =
        own != null ? own : ingress.annotations().getOrDefault(Annotations.NGINX_PREFIX + key, "");
    return value.strip();
  }

  boolean isOn(String key) {
    return List.of("1", "t", "T", "true", "TRUE", "True").contains(value(key));
  }

  /** Whether chance decides between the backends of a host. */
  boolean isRandom() {
    String weight = value("canary-weight");
    return isOn("canary") && !weight.isEmpty() && !weight.equals("0");
  }

  List<Variant> variants() {
    Map<List<Header>, Variant> variants = new LinkedHashMap<>();
    if (isOn("enable-cors")) {
      origins().forEach(origin -> crossOrigin(origin, variants));
    }
    String header = value("canary-by-header");
    if (isOn("canary") && !header.isEmpty()) {
      for (String value : List.of("always", "never", value("canary-by-header-value"))) {
        add(variants, "GET", "canary header", header, value);
      }
    }
    String cookie = value("canary-by-cookie");
    if (isOn("canary") && !cookie.isEmpty()) {
      add(variants, "GET", "canary cookie", "Cookie", cookie + "=always");
      add(variants, "GET", "canary cookie", "Cookie", cookie + "=never");
    }
    if (value("affinity").equals("cookie")) {
      String name = value("session-cookie-name");
      add(
          variants,
          "GET",
          "session cookie",
          "Cookie",
          (name.isEmpty() ? "INGRESSCOOKIE" : name) + "=isoline-verify");
    }
    return List.copyOf(variants.values());
  }

  private List<String> origins() {
    List<String> origins = new ArrayList<>();
    for (String origin : value("cors-allow-origin").split(",", -1)) {
      String example = origin.strip().replace("*.", "isoline-verify.");
      if (!example.isEmpty() && !example.equals("*") && origins.size() < MOST_ORIGINS) {
        origins.add(example);
      }
    }
    origins.add(STRANGER);
    return origins;
  }

  private static void crossOrigin(String origin, Map<List<Header>, Variant> variants) {
    add(variants, "GET", "CORS", "Origin", origin);
    if (VALUE.matcher(origin).matches()) {
      List<Header> headers =
          List.of(new Header("Origin", origin), new Header("Access-Control-Request-Method", "GET"));
      variants.put(headers, new Variant("OPTIONS", "CORS preflight", headers));
    }
  }

  private static void add(
      Map<List<Header>, Variant> variants, String method, String about, String name, String value) {
    if (NAME.matcher(name).matches() && VALUE.matcher(value).matches()) {
      List<Header> headers = List.of(new Header(name, value));
      variants.putIfAbsent(headers, new Variant(method, about, headers));
    }
  }
}
