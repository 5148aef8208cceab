package io.isoline.controlplane.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.config.DefaultCertificate;
import io.isoline.controlplane.engine.Engine;
import io.isoline.controlplane.engine.EngineListener;
import io.isoline.controlplane.engine.Rejection;
import io.isoline.controlplane.engine.SpoilingEngine;
import io.isoline.controlplane.manifest.ManifestReader;
import io.isoline.controlplane.xds.XdsServer;
import io.isoline.envoy.Address;
import io.isoline.envoy.XdsProtocol;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.ResourceType;
import io.isoline.translator.Settings;
import io.isoline.translator.Verdict;
import io.isoline.translator.tls.ServerCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is told when a real Envoy refuses a listener, which all hosts with a certificate are in. */
class ListenerRefusalIT {

  private static final TestCertificate CERTIFICATE = TestCertificate.of("good", "*.example.com");

  private final int https = Ports.free();
  private final List<Rejection> rejections = new CopyOnWriteArrayList<>();
  private volatile boolean spoiled;

  @SuppressWarnings("NullAway") // set before each test
  private Engine engine;

  @BeforeEach
  void start() throws IOException {
    ServerCertificate.Valid certificate = DefaultCertificate.create(Instant.now());
    Settings settings = Settings.defaults(certificate.chain(), certificate.key());
    settings = Configured.with(
        settings,
        "allowLoopbackEndpoints: true",
        "http: {address: 127.0.0.1, port: 0}",
        "https: {address: 127.0.0.1, port: " + https + "}");
    engine =
        SpoilingEngine.start(
            settings,
            XdsServer.Options.defaults(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            new EngineListener() {
              @Override
              public void rejected(Rejection rejection) {
                rejections.add(rejection);
              }
            },
            Clock.systemUTC(),
            resource ->
                spoiled && resource.type() == ResourceType.LISTENER
                    ? Fault.BUILD.in(resource)
                    : resource);
    engine.loaded();
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private EnvoyUnderTest launch() throws Exception {
    return EnvoyLauncher.get()
        .launch(
            new EnvoyUnderTest.Wiring(
                new Address.Socket("127.0.0.1", engine.port()),
                XdsProtocol.DELTA,
                "refusing",
                null));
  }

  /** Puts Ingresses with a certificate, and as many without. */
  private void apply(String name, int count) {
    StringJoiner yaml = new StringJoiner("\n---\n");
    yaml.add(CERTIFICATE.secret("certificate"));
    for (int i = 0; i < count; i++) {
      String tls = name + i;
      yaml.add(Yaml.tlsIngress(tls, "certificate", tls + ".example.com", "Prefix / a"));
      yaml.add(Yaml.ingress(tls + "-plain", tls + ".example.org", "Prefix / a"));
    }
    engine.submit(
        new ManifestReader()
            .readText("test.yaml", yaml.toString())
            .changesSince(new ManifestReader().readText("none", "")));
  }

  private Set<String> accused() {
    return SpoilingEngine.accused(engine).stream()
        .map(ObjectRef::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> names(String name, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> name + i)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private boolean isServed(String name) {
    TlsConnection.Hello hello = TlsConnection.Hello.to(name + ".example.com");
    try (TlsConnection connection = TlsConnection.open(https, hello)) {
      return connection.commonName().equals("good");
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void many_thatAreNewInIt_areAllToldAndNoOthers() throws Exception {
    apply("known", 1);
    try (EnvoyUnderTest _ = launch()) {
      Await.until("the first is served", () -> isServed("known0"));
      spoiled = true;
      apply("new", 30);

      Await.until("the new ones are told", () -> accused().equals(names("new", 30)));
      assertTrue(isServed("known0"));
      String message =
          engine
              .verdicts()
              .join()
              .getOrDefault(ObjectRef.ingress("default", "new7"), List.of())
              .stream()
              .filter(each -> each.reason() == Verdict.Reason.RejectedByEnvoy)
              .findFirst()
              .orElseThrow()
              .message();
      assertTrue(message.contains("made of it and of others"), message);

      spoiled = false;
      apply("later", 1);
      Await.until("all are served", () -> isServed("later0") && isServed("new29"));
      Await.until("nobody is accused", () -> accused().isEmpty());
    }
  }

  @Test
  void address_thatIsTaken_isNoObjectsFault() throws Exception {
    try (ServerSocket _ = new ServerSocket(https, 1, InetAddress.getLoopbackAddress())) {
      apply("web", 3);
      try (EnvoyUnderTest _ = launch()) {
        Await.until("the listener is refused", () -> !rejections.isEmpty());

        Rejection rejection = rejections.getFirst();
        assertEquals(ResourceType.LISTENER, rejection.resource().type());
        assertEquals(Set.of(), rejection.origins(), rejection::words);
        assertEquals(Set.of(), accused());
      }
    }
  }
}
