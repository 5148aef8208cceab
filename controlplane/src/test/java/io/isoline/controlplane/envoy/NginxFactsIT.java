package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.isoline.controlplane.credentials.CredentialsServer;
import io.isoline.controlplane.envoy.NginxFact.Exchange;
import io.isoline.envoy.XdsProtocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;

/**
 * What ingress-nginx was seen to answer, asked of an Envoy that serves its class: the files of {@code
 * nginx-facts}, a test for each fact.
 */
class NginxFactsIT {

  private static final Pattern PORT = Pattern.compile("^(https?://[^/?#]*):(\\d+)");
  private static final String FACTS = "src/test/resources/nginx-facts";
  private static final List<String> BACKENDS = List.of("web", "alt", "errpage", "many");

  @SuppressWarnings("NullAway") // set before all tests
  private static Proxy proxy;

  @SuppressWarnings("NullAway") // set before all tests
  private static CredentialsServer beside;

  private static final List<Backend> RUNNING = new ArrayList<>();
  private static int nobodyListens;

  @SuppressWarnings("NullAway") // set before all tests
  private static String server;

  @BeforeAll
  static void start() throws Exception {
    // A container could not reach the socket.
    proxy = Proxy.start(EnvoyLauncher.choose("native"), XdsProtocol.DELTA);
    proxy.configure(
        settings ->
            Configured.with(
                settings, "ingressClass: {controller: k8s.io/ingress-nginx, names: [nginx]}"));
    beside = CredentialsServer.start(proxy.envoy().credentialsSocket());
    TestCertificate certificate =
        TestCertificate.of("srv.example", "*.example", "example", "*.sub.example");
    server = certificate.secret("srvtls") + "\n---\n" + certificate.secret("upstls");
    for (String name : BACKENDS) {
      RUNNING.add(Backend.start(name));
    }
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobodyListens = socket.getLocalPort();
    }
  }

  @AfterAll
  static void stop() throws IOException {
    beside.close();
    proxy.close();
    for (Backend backend : RUNNING) {
      backend.close();
    }
  }

  @TestFactory
  Stream<DynamicContainer> facts() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(FACTS))) {
      return files.sorted().toList().stream().map(NginxFactsIT::tests);
    }
  }

  private static DynamicContainer tests(Path file) {
    try {
      return dynamicContainer(
          file.getFileName().toString(),
          NginxFact.read(file).stream()
              .map(fact -> dynamicTest(fact.fact(), () -> check(fact))));
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  private static void check(NginxFact fact) throws IOException {
    proxy.apply(fact.manifest(), services(fact), Files.readString(Path.of(FACTS + "-secrets.yaml")), server);
    assertEquals(List.of(), proxy.rejections());
    for (Exchange each : fact.requests()) {
      String expected = expected(each);
      Response response = send(each);
      assertEquals(expected, seen(each, response), () -> each.request() + ": " + response);
    }
  }

  private static Response send(Exchange exchange) throws IOException {
    String name = exchange.host().replaceFirst(":\\d+$", "");
    try (Connection connection =
        exchange.tls() ? proxy.tls(TlsConnection.Hello.to(name)) : proxy.connect()) {
      connection.send(exchange.raw());
      return exchange.method().equals("HEAD") ? connection.receiveHead() : connection.receive();
    }
  }

  private static String expected(Exchange exchange) {
    StringBuilder text = new StringBuilder("status " + exchange.status());
    if (exchange.location() != null) {
      text.append("\nlocation ").append(location(exchange, exchange.location()));
    }
    text.append("\nbackend ").append(exchange.backend());
    if (exchange.backend() != null) {
      text.append("\npath ").append(Objects.requireNonNullElse(exchange.path(), exchange.target()));
      text.append("\nhost ").append(Objects.requireNonNullElse(exchange.backendHost(), exchange.host()));
      for (String name : headersToBackend(exchange)) {
        text.append("\nto backend ").append(name).append(": ");
        text.append(exchange.toBackend().getOrDefault(name, sent(exchange, name)));
      }
    }
    for (Map.Entry<String, String> header : exchange.toClient().entrySet()) {
      text.append("\nto client ").append(header.getKey()).append(": ");
      text.append(header.getValue());
    }
    return text.toString();
  }

  private static String seen(Exchange exchange, Response response) {
    StringBuilder text = new StringBuilder("status " + response.status());
    if (!response.header("location").isEmpty()) {
      text.append("\nlocation ").append(location(exchange, response.header("location")));
    }
    String backend = response.backend().isEmpty() ? null : response.backend();
    text.append("\nbackend ").append(backend);
    if (backend != null) {
      Request got = response.echo();
      text.append("\npath ").append(got.target());
      text.append("\nhost ").append(got.header("host"));
      for (String name : headersToBackend(exchange)) {
        boolean came =
            got.headers().stream().anyMatch(header -> header.name().equalsIgnoreCase(name));
        text.append("\nto backend ").append(name).append(": ");
        text.append(came ? got.header(name) : "none");
      }
    }
    for (String name : exchange.toClient().keySet()) {
      text.append("\nto client ").append(name).append(": ");
      text.append(toClient(name, response.header(name)));
    }
    return text.toString();
  }

  private static Set<String> headersToBackend(Exchange exchange) {
    Set<String> names = new TreeSet<>(exchange.toBackend().keySet());
    for (String name : exchange.headers().keySet()) {
      names.add(name.toLowerCase(Locale.ROOT));
    }
    names.remove("connection");
    return names;
  }

  /** The header as it was sent, without which the backend gets none. */
  private static String sent(Exchange exchange, String name) {
    for (Map.Entry<String, String> header : exchange.headers().entrySet()) {
      if (header.getKey().equalsIgnoreCase(name)) {
        return header.getValue();
      }
    }
    return "none";
  }

  /** Absolute, without a port that goes without saying. */
  private static String location(Exchange exchange, String value) {
    String scheme = exchange.tls() ? "https" : "http";
    URI base = URI.create(scheme + "://" + exchange.host() + exchange.target());
    String absolute = base.resolve(value).toString();
    Matcher port = PORT.matcher(absolute);
    boolean usual =
        port.find()
            && Set.of("80", "443", "" + proxy.httpPort(), "" + proxy.httpsPort())
                .contains(port.group(2));
    String location = usual ? port.group(1) + absolute.substring(port.end()) : absolute;
    return location.replaceFirst("^(https?://[^/?#]+)$", "$1/");
  }

  /** A cookie by name and attributes, its value being random; lists with one blank. */
  private static String toClient(String name, String value) {
    if (name.equals("set-cookie")) {
      List<String> parts = new ArrayList<>(List.of(value.split("; *", -1)));
      String first = parts.removeFirst().replaceFirst("=.*", "=<value>");
      parts.replaceAll(
          part -> part.replaceFirst("^[^=]*", part.replaceFirst("=.*", "").toLowerCase(Locale.ROOT)));
      Collections.sort(parts);
      parts.addFirst(first);
      return String.join("; ", parts);
    }
    return name.startsWith("access-control-") ? value.replaceAll(" *, *", ", ") : value;
  }

  /** The Services that are named; those of other names than the backends have no endpoint that answers. */
  private static String services(NginxFact fact) {
    Set<String> names = new TreeSet<>(BACKENDS);
    for (NginxFact.Annotated ingress : fact.ingresses()) {
      if (ingress.defaultBackend() != null) {
        names.add(ingress.defaultBackend());
      }
      for (NginxFact.Rule rule : ingress.rules()) {
        for (String path : rule.paths()) {
          names.add(path.substring(path.lastIndexOf(' ') + 1));
        }
      }
    }
    List<String> documents = new ArrayList<>();
    for (String name : names) {
      String base = name.replaceFirst("-.*", "");
      for (Backend backend : RUNNING) {
        if (backend.name().equals(base)) {
          documents.add(service(name, backend));
        }
      }
      if (base.equals("empty")) {
        documents.add(service(name, "http", List.of()));
      } else if (base.equals("dead")) {
        documents.add(service(name, "http", List.of(nobodyListens)));
      }
    }
    return String.join("\n---\n", documents);
  }
}
