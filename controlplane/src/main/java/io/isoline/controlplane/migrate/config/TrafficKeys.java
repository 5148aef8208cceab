package io.isoline.controlplane.migrate.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Keys about requests and answers: sizes, times, protocols, headers. */
final class TrafficKeys {

  private static final String BUFFERS =
      "Envoy passes on what comes, and needs no buffers of a size";
  private static final long KIB = 1024;

  private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]{2,45}");

  private TrafficKeys() {}

  static Map<String, Rule> rules() {
    Map<String, Rule> rules = new LinkedHashMap<>();
    sizes(rules);
    times(rules);
    protocols(rules);
    headers(rules);
    rules.putAll(CompressionKeys.rules());
    return rules;
  }

  private static void sizes(Map<String, Rule> rules) {
    rules.put(
        "proxy-body-size",
        Rule.size(bytes -> new Fate.TakenOver("limits.requestBody", NginxValue.size(bytes))));
    rules.put("large-client-header-buffers", (value, others) -> headerBuffers(value));
    for (String key :
        List.of(
            "client-header-buffer-size",
            "client-body-buffer-size",
            "proxy-buffer-size",
            "proxy-buffers-number",
            "proxy-busy-buffers-size",
            "proxy-max-temp-file-size",
            "grpc-buffer-size-kb",
            "ssl-buffer-size")) {
      rules.put(key, Rule.notNeeded(BUFFERS));
    }
    rules.put(
        "proxy-buffering",
        Rule.none(
                "answers are passed on as they come: a slow client holds its connection to the"
                    + " backend",
                "remove it")
            .unless("off", "answers are passed on as they come"));
    rules.put("proxy-request-buffering", Rule.notNeeded("bodies are passed on as they come"));
  }

  /** A number of buffers and their size; together they are what the headers may take. */
  private static Fate headerBuffers(String value) {
    String[] words = value.strip().split(" +", -1);
    Integer number = words.length == 2 ? NginxValue.integer(words[0]) : null;
    Long size = words.length == 2 ? NginxValue.bytes(words[1]) : null;
    if (number == null || size == null || number < 1 || size < 1) {
      return Rule.invalid(value, "is no number and size such as 4 8k");
    }
    long kilobytes = Math.clamp(number * size / KIB, 1, 8192);
    return new Fate.TakenOver(
        "limits.requestHeaders",
        NginxValue.size(kilobytes * KIB),
        "nginx also limits each line to " + NginxValue.size(size));
  }

  private static void times(Map<String, Rule> rules) {
    rules.put("client-header-timeout", time("timeouts.requestHeaders", ""));
    rules.put("proxy-connect-timeout", time("timeouts.connect", ""));
    rules.put("proxy-read-timeout", streamIdle("proxy-send-timeout"));
    rules.put("proxy-send-timeout", streamIdle("proxy-read-timeout"));
    rules.put(
        "client-body-timeout",
        Rule.notNeeded("timeouts.streamIdle, from proxy-read-timeout, is for bodies, too"));
    rules.put(
        "keep-alive",
        (value, others) ->
            value.strip().equals("0")
                ? new Fate.NoCounterpart(
                    "connections of clients are kept between requests", "remove it")
                : time("timeouts.connectionIdle", "").of(value, others));
    rules.put("upstream-keepalive-timeout", time("timeouts.backendIdle", ""));
    rules.put("upstream-keepalive-time", Rule.notNeeded("connections may live for any time"));
    rules.put("upstream-keepalive-connections", Rule.notNeeded("Envoy keeps what is in use"));
    rules.put("upstream-keepalive-requests", Rule.notNeeded("a connection carries any number"));
    rules.put("keep-alive-requests", Rule.notNeeded("a connection carries any number"));
    rules.put(
        "worker-shutdown-timeout",
        Rule.notNeeded("isoline drain and the grace period of the pod say how long Envoy waits"));
    rules.put("proxy-protocol-header-timeout", Rule.notNeeded("timeouts.requestHeaders is for it"));
  }

  private static Rule time(String path, String difference) {
    return Rule.time(millis -> new Fate.TakenOver(path, NginxValue.duration(millis), difference));
  }

  /** One time of ours for both directions: the longer of theirs, so that nothing is cut off. */
  private static Rule streamIdle(String otherKey) {
    return (value, others) ->
        Rule.time(
                millis -> {
                  Long other = NginxValue.millis(others.apply(otherKey));
                  long longest = Math.max(millis, other == null ? 0 : other);
                  return new Fate.TakenOver(
                      "timeouts.streamIdle",
                      NginxValue.duration(longest),
                      "one time for both directions, and it ends WebSockets, too");
                })
            .of(value, others);
  }

  private static void protocols(Map<String, Rule> rules) {
    rules.put(
        "http2-max-concurrent-streams",
        Rule.number(
            streams ->
                streams < 1
                    ? new Fate.Invalid(streams + " is no number of streams")
                    : new Fate.TakenOver("http2.maxConcurrentStreams", String.valueOf(streams))));
    rules.put(
        "use-http2",
        Rule.none("HTTP/2 is always offered", "remove it").unless("true", "HTTP/2 is offered"));
    for (String key :
        List.of("http2-max-field-size", "http2-max-header-size", "http2-max-requests")) {
      rules.put(key, Rule.notNeeded("nginx no longer heeds it; limits.requestHeaders is for both"));
    }
    rules.put("http2-push-preload", Rule.notNeeded("browsers no longer take pushed answers"));
    rules.put(
        "proxy-http-version",
        Rule.none("backends are spoken to by HTTP/1.1, or as appProtocol says", "remove it")
            .unless("1.1", "HTTP/1.1 is spoken, or what appProtocol says"));
    rules.put(
        "use-proxy-protocol",
        Rule.flag(
            on ->
                new Fate.TakenOver(
                    Map.of("http.proxyProtocol", "" + on, "https.proxyProtocol", "" + on), "")));
    rules.put(
        "bind-address",
        (value, others) -> {
          List<String> addresses = NginxValue.list(value);
          if (!addresses.stream().allMatch(each -> ADDRESS.matcher(each).matches())) {
            return Rule.invalid(value, "is no IP address");
          }
          return switch (addresses.size()) {
            case 0 -> new Fate.AlreadySo("an empty value counts as none");
            case 1 ->
                new Fate.TakenOver(
                    Map.of("http.address", quoted(addresses), "https.address", quoted(addresses)),
                    "in a pod, leave it out: the pod has one address");
            default ->
                new Fate.NoCounterpart(
                    "a listener has one address", "set http.address and https.address to one");
          };
        });
    rules.put("disable-ipv6", Rule.flag(off -> new Fate.TakenOver("ipv6", String.valueOf(!off))));
    rules.put("disable-ipv6-dns", Rule.notNeeded("the setting ipv6 is for names, too"));
  }

  private static String quoted(List<String> addresses) {
    return "'" + addresses.getFirst() + "'";
  }

  private static void headers(Map<String, Rule> rules) {
    rules.put(
        "enable-underscores-in-headers",
        Rule.flag(on -> new Fate.TakenOver("headersWithUnderscores", on ? "allow" : "drop")));
    rules.put(
        "ignore-invalid-headers",
        Rule.none("a request with a malformed header gets 400", "correct the clients")
            .unless("true", "malformed headers reach no backend"));
    rules.put(
        "use-forwarded-headers",
        Rule.flag(
            on ->
                new Fate.TakenOver(
                    "trustedHops",
                    on ? "1" : "0",
                    on
                        ? "Isoline counts proxies: set it to how many stand in front, as one more"
                            + " lets clients forge their address"
                        : "")));
    String hops = "trustedHops says how many proxies are trusted, whatever their addresses";
    rules.put("proxy-real-ip-cidr", Rule.notNeeded(hops));
    rules.put("compute-full-forwarded-for", Rule.notNeeded("X-Forwarded-For is always added to"));
    rules.put(
        "enable-real-ip",
        Rule.none("addresses come from X-Forwarded-For", "set trustedHops")
            .unless("false", "X-Forwarded-For counts as trustedHops says"));
    String otherHeader = "only X-Forwarded-For and X-Forwarded-Host are read";
    rules.put(
        "forwarded-for-header",
        Rule.none(otherHeader, "let the proxy in front send them")
            .unless("X-Forwarded-For", "X-Forwarded-For is read"));
    rules.put(
        "forwarded-host-header",
        Rule.none(otherHeader, "let the proxy in front send them")
            .unless("X-Forwarded-Host", "X-Forwarded-Host is read"));
    rules.put("forwarded-for-proxy-protocol-header", Rule.notNeeded(hops));
    rules.put(
        "proxy-add-original-uri-header",
        Rule.none("X-Original-URI is not sent to backends", "let the backend read the path")
            .unless("false", "X-Original-URI is not sent"));
    rules.put(
        "generate-request-id",
        Rule.none("every request has an X-Request-Id", "remove it")
            .unless("true", "every request has an X-Request-Id"));
    String own = "let the backends send the headers that are wanted";
    rules.put("add-headers", Rule.none("no header is added to answers", own).unlessEmpty());
    rules.put("hide-headers", Rule.none("no header is taken from answers", own).unlessEmpty());
    rules.put(
        "proxy-set-headers",
        Rule.none("no header is added to requests", "let the backend do without").unlessEmpty());
    rules.put(
        "global-allowed-response-headers",
        Rule.notNeeded("it only limits the annotation custom-headers"));
    rules.put(
        "allow-backend-server-header",
        Rule.none("the Server header of the backend is passed on", own)
            .unless("true", "the Server header of the backend is passed on"));
    rules.put(
        "server-tokens",
        Rule.none("no version is told to clients", "remove it")
            .unless("false", "no version is told to clients"));
    rules.put("default-type", Rule.notNeeded("Isoline serves no files of its own"));
    rules.put("proxy-cookie-path", cookies("proxy-cookie-path"));
    rules.put("proxy-cookie-domain", cookies("proxy-cookie-domain"));
    rules.put(
        "proxy-redirect-from",
        Rule.byIngress("Location of backends is passed on as it is", "proxy-redirect-from")
            .unless("off", "Location is passed on as it is"));
    rules.put(
        "proxy-redirect-to",
        Rule.byIngress("Location of backends is passed on as it is", "proxy-redirect-to")
            .unless("off", "Location is passed on as it is"));
  }

  private static Rule cookies(String key) {
    return Rule.byIngress("cookies of backends are passed on as they are", key)
        .unless("off", "cookies are passed on as they are");
  }
}
