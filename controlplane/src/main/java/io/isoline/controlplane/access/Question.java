package io.isoline.controlplane.access;

import io.isoline.translator.backend.ExternalNames;
import io.isoline.translator.credentials.ExternalCheck;
import io.isoline.translator.credentials.Template;
import io.isoline.translator.text.FramingHeaders;
import io.isoline.translator.text.IpAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is sent to an authentication service.
 *
 * @param head the request line and the headers, each byte as the character of its code; there is no
 *     body
 */
record Question(Server server, String method, String head) {

  /**
   * Whom to connect to.
   *
   * @param verified whether its certificate is verified: not inside the cluster, where no public
   *     authority certifies anybody
   * @param loopback whether it may be this machine
   */
  record Server(boolean tls, boolean verified, String host, int port, boolean loopback) {}

  private static final Pattern AUTHORITY =
      Pattern.compile("([A-Za-z0-9._-]{1,253})(?::([0-9]{1,5}))?");

  private static final int MAX_TARGET = 16 << 10;

  /** What the service gets of the question itself, besides how that is framed. */
  private static final Set<String> NOT_PASSED =
      Set.of("expect", "host", "x-forwarded-host", "x-forwarded-port", "x-forwarded-proto");

  /**
   * Makes it of a request.
   *
   * @throws IOException when what the request says makes no URL
   */
  static Question of(ExternalCheck check, boolean loopback, AskedRequest request)
      throws IOException {
    String scheme = filled(check.url().scheme(), request, check);
    String authority = filled(check.url().authority(), request, check);
    Matcher matcher = AUTHORITY.matcher(authority);
    if (!matcher.matches()) {
      throw new IOException("the host of the request is no name of a service");
    }
    boolean tls = scheme.equals("https");
    String host = matcher.group(1);
    int port = matcher.group(2) == null ? (tls ? 443 : 80) : Integer.parseInt(matcher.group(2));
    if (port < 1 || port > 65_535) {
      throw new IOException("the port of the request is none");
    }
    String target =
        check.url().target().fill(name -> UrlText.lenient(request.value(name, check.owner())));
    if (target.length() > MAX_TARGET) {
      throw new IOException("the URL of the service is too long with what the request says");
    }
    boolean verified =
        tls && IpAddress.parse(host) == null && !ExternalNames.isInternal(host);
    String method = check.method().isEmpty() ? "GET" : check.method();
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    line(head, "Host", host);
    if (method.startsWith("P")) {
      line(head, "Content-Length", "0");
    }
    for (HeaderLine header : headers(check, request)) {
      line(head, header.name(), header.value());
    }
    head.append("\r\n");
    return new Question(
        new Server(tls, verified, host, port, loopback),
        method,
        head.toString());
  }

  private static String filled(Template template, AskedRequest request, ExternalCheck check) {
    return template.fill(name -> request.value(name, check.owner()));
  }

  private static List<HeaderLine> headers(ExternalCheck check, AskedRequest request) {
    List<HeaderLine> own = new ArrayList<>();
    add(own, "X-Original-URL", request.scheme() + "://" + request.authority() + request.uri());
    add(own, "X-Original-Method", request.method());
    if (!check.method().isEmpty()) {
      add(own, "X-Original-URI", request.uri());
      add(own, "X-Scheme", request.scheme());
    }
    // Services look for this value.
    add(own, "X-Sent-From", "nginx-ingress-controller");
    add(own, "X-Real-IP", request.client());
    add(own, "X-Forwarded-For", request.client());
    add(
        own,
        "X-Auth-Request-Redirect",
        check.requestRedirect().isEmpty() ? request.uri() : check.requestRedirect());
    for (ExternalCheck.Header header : check.headers()) {
      own.removeIf(other -> other.name().equalsIgnoreCase(header.name()));
      add(own, header.name(), filled(header.value(), request, check));
    }
    Set<String> names = new HashSet<>(NOT_PASSED);
    names.addAll(FramingHeaders.NAMES);
    own.forEach(header -> names.add(header.name().toLowerCase(Locale.ROOT)));
    List<HeaderLine> all = new ArrayList<>(own);
    all.removeIf(header -> header.value().isEmpty());
    for (HeaderLine header : request.headers()) {
      if (!names.contains(header.name())
          && !header.name().startsWith("x-envoy-")
          && !header.name().startsWith("x-isoline-")) {
        all.add(header);
      }
    }
    return all;
  }

  private static void add(List<HeaderLine> headers, String name, String value) {
    headers.add(new HeaderLine(name, value));
  }

  /** Nothing of a request can end a line: Envoy refuses such, and here it would be a blank. */
  private static void line(StringBuilder head, String name, String value) {
    head.append(name).append(": ");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      head.append((c < ' ' && c != '\t') || c == 0x7f ? ' ' : c > 0xff ? '?' : c);
    }
    head.append("\r\n");
  }

  /** Leaves the head out, so that no log shows it. */
  @Override
  public String toString() {
    return method + " " + server;
  }
}
