package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.certs.CertificateAuthority;
import io.isoline.controlplane.certs.Credential;
import io.isoline.controlplane.certs.XdsIdentity;
import io.isoline.controlplane.envoy.EnvoyUnderTest.Wiring;
import io.isoline.controlplane.peers.SecretVolume;
import io.isoline.controlplane.peers.TlsFiles;
import io.isoline.envoy.Address;
import io.isoline.envoy.Bootstrap;
import io.isoline.envoy.EnvoyBinary;
import io.isoline.envoy.EnvoyException;
import io.isoline.envoy.EnvoyProcess;
import io.isoline.envoy.XdsProtocol;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A real Envoy and its control plane over mutual TLS, and what they do when certificates change.
 */
class XdsTlsIT {
  private static final String HOST = "load.example.com";

  private final Instant now = Instant.now();
  private final CertificateAuthority ca = CertificateAuthority.create(now);
  private final CertificateAuthority otherCa = CertificateAuthority.create(now);
  @TempDir private Path directory;

  @SuppressWarnings("NullAway") // set before each test
  private SecretVolume server;

  @SuppressWarnings("NullAway") // set before each test
  private SecretVolume client;

  @SuppressWarnings("NullAway") // set before each test
  private Backend backend;

  @BeforeEach
  void start() throws IOException {
    server = new SecretVolume(directory.resolve("server"));
    client = new SecretVolume(directory.resolve("client"));
    server.put(ca.issue(XdsIdentity.SERVER, now), ca);
    client.put(ca.issue(XdsIdentity.CLIENT, now), ca);
    backend = Backend.start("A");
  }

  @AfterEach
  void stop() throws IOException {
    backend.close();
  }

  private Proxy start(XdsProtocol protocol) throws Exception {
    Proxy proxy = Proxy.startTls(protocol, server.files(), client.files());
    proxy.apply(ingress("web", HOST, "Prefix / s"), service("s", backend));
    return proxy;
  }

  /** Returns when new handshakes show this. */
  private static void awaitServer(Proxy proxy, Credential credential) {
    Await.until(
        "the control plane shows its new certificate",
        () -> {
          try (TlsConnection connection =
              TlsConnection.open(
                  proxy.xdsPort(), TlsConnection.Hello.to("isoline").withAlpn("h2"))) {
            return connection.certificate().equals(credential.certificate());
          }
        });
  }

  /** Returns when Envoy has read this. */
  private static void awaitEnvoy(Proxy proxy, Credential credential) {
    String serial = credential.certificate().getSerialNumber().toString(16);
    Await.until(
        "Envoy has read its new certificate",
        () -> proxy.envoy().get("/certs").contains("\"" + serial + "\""));
  }

  /** Makes Envoy connect anew, and a change go to it. */
  private void reconnect(Proxy proxy, String path) throws IOException {
    proxy.stopEngine();
    proxy.restartEngine();
    proxy.apply(ingress("web", HOST, "Prefix / s", "Exact " + path + " s"), service("s", backend));
    assertEquals("A", proxy.get(HOST, path).route());
  }

  @ParameterizedTest
  @EnumSource
  void certificateOfOurCa_envoyJoinsAndServes(XdsProtocol protocol) throws Exception {
    try (Proxy proxy = start(protocol)) {
      assertEquals("A", proxy.get(HOST, "/").route());
      assertTrue(proxy.envoy().counter("cluster.xds.ssl.versions.TLSv1.3") > 0);
    }
  }

  @Test
  void bootstrap_withTls_isTakenWithoutAWarning() throws Exception {
    Wiring wiring =
        new Wiring(
            new Address.Socket("isoline.example.com", 18000),
            XdsProtocol.DELTA,
            "test",
            client.files());
    Bootstrap bootstrap = NativeEnvoy.bootstrap(wiring, directory);
    EnvoyProcess.Validation validation =
        EnvoyProcess.validate(binary(), bootstrap.toYaml(), Await.LIMIT);
    assertTrue(validation.ok(), validation.output());
    assertFalse(validation.output().contains("[warning]"), validation.output());
  }

  @Test
  void leaves_renewedByTheSameCa_streamAndRequestsGoOn() throws Exception {
    try (Proxy proxy = start(XdsProtocol.DELTA);
        Load load = Load.start(proxy, HOST)) {
      int connections = proxy.connections();
      Credential newServer = ca.issue(XdsIdentity.SERVER, now);
      Credential newClient = ca.issue(XdsIdentity.CLIENT, now);
      server.put(newServer, ca);
      client.put(newClient, ca);
      awaitServer(proxy, newServer);
      awaitEnvoy(proxy, newClient);
      proxy.apply(ingress("web", HOST, "Prefix / s", "Exact /live s"), service("s", backend));
      assertEquals(connections, proxy.connections(), "the stream that was open goes on");
      reconnect(proxy, "/again");
      load.awaitMore(50);
      assertEquals(List.of(), load.failures());
    }
  }

  @Test
  void ca_replacedByWayOfABundle_everyConnectionAndRequestSucceeds() throws Exception {
    try (Proxy proxy = start(XdsProtocol.DELTA);
        Load load = Load.start(proxy, HOST)) {
      // Both trust both, and show what they showed before.
      Credential oldServer = ca.issue(XdsIdentity.SERVER, now);
      Credential oldClient = ca.issue(XdsIdentity.CLIENT, now);
      server.put(oldServer, otherCa, ca);
      client.put(oldClient, otherCa, ca);
      awaitServer(proxy, oldServer);
      awaitEnvoy(proxy, oldClient);
      reconnect(proxy, "/bundle");
      // The one, then the other shows a certificate of the new CA.
      Credential newServer = otherCa.issue(XdsIdentity.SERVER, now);
      server.put(newServer, otherCa, ca);
      awaitServer(proxy, newServer);
      reconnect(proxy, "/server");
      Credential newClient = otherCa.issue(XdsIdentity.CLIENT, now);
      client.put(newClient, otherCa, ca);
      awaitEnvoy(proxy, newClient);
      reconnect(proxy, "/client");
      // The old CA goes.
      Credential lastServer = otherCa.issue(XdsIdentity.SERVER, now);
      Credential lastClient = otherCa.issue(XdsIdentity.CLIENT, now);
      server.put(lastServer, otherCa);
      client.put(lastClient, otherCa);
      awaitServer(proxy, lastServer);
      awaitEnvoy(proxy, lastClient);
      reconnect(proxy, "/alone");
      load.awaitMore(50);
      assertEquals(List.of(), load.failures());
    }
  }

  @Test
  void clientsCertificate_expiresWhileConnected_envoyComesBackWithItsNewOne() throws Exception {
    client.put(
        ca.issue(XdsIdentity.CLIENT, now.minus(Duration.ofDays(1)), Instant.now().plusSeconds(20)),
        ca);
    try (Proxy proxy = start(XdsProtocol.DELTA);
        Load load = Load.start(proxy, HOST)) {
      int connections = proxy.connections();
      Credential renewed = ca.issue(XdsIdentity.CLIENT, now);
      client.put(renewed, ca);
      awaitEnvoy(proxy, renewed);
      Await.until("Envoy connects again", () -> proxy.connections() > connections);
      proxy.apply(ingress("web", HOST, "Prefix / s", "Exact /after s"), service("s", backend));
      load.awaitMore(50);
      assertEquals(List.of(), load.failures());
    }
  }

  /** An Envoy that the control plane must not serve. */
  enum Stranger {
    PLAINTEXT,
    OTHER_CA,
    EXPIRED,
    REPLICA
  }

  @ParameterizedTest
  @EnumSource
  void stranger_joins_getsNothing(Stranger stranger) throws Exception {
    SecretVolume foreign = new SecretVolume(directory.resolve("foreign"));
    switch (stranger) {
      case PLAINTEXT -> {}
      case OTHER_CA -> foreign.put(otherCa.issue(XdsIdentity.CLIENT, now), ca);
      case EXPIRED ->
          foreign.put(
              ca.issue(XdsIdentity.CLIENT, now.minus(Duration.ofDays(9)), now.minusSeconds(60)),
              ca);
      case REPLICA -> foreign.put(ca.issue(XdsIdentity.SERVER, now), ca);
    }
    TlsFiles files = stranger == Stranger.PLAINTEXT ? null : foreign.files();
    try (Proxy proxy = start(XdsProtocol.DELTA)) {
      int connections = proxy.connections();
      for (XdsProtocol protocol : XdsProtocol.values()) {
        assertGetsNothing(proxy, protocol, files);
      }
      assertEquals(connections, proxy.connections());
      assertEquals("A", proxy.get(HOST, "/").route());
    }
  }

  private static void assertGetsNothing(Proxy proxy, XdsProtocol protocol, @Nullable TlsFiles files)
      throws EnvoyException, InterruptedException, IOException {
    Wiring wiring =
        new Wiring(new Address.Socket("127.0.0.1", proxy.xdsPort()), protocol, "stranger", files);
    try (EnvoyProcess envoy =
        EnvoyProcess.start(
            binary(),
            directory -> NativeEnvoy.bootstrap(wiring, directory),
            EnvoyProcess.Options.logging(_ -> {}).withConcurrency(1))) {
      Await.until("Envoy has tried more than once", () -> tries(envoy) > 2);
      assertThrows(EnvoyException.class, () -> envoy.awaitReady(Duration.ofMillis(100)));
      String config = envoy.admin().get("/config_dump").body();
      assertFalse(config.contains(HOST), config);
    }
  }

  private static long tries(EnvoyProcess envoy) {
    try {
      return envoy
          .admin()
          .get("/stats?filter=cluster.xds.upstream_cx_total")
          .body()
          .lines()
          .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
          .sum();
    } catch (IOException | EnvoyException e) {
      return 0; // not up yet
    }
  }

  private static EnvoyBinary binary() throws EnvoyException, InterruptedException {
    return EnvoyBinary.find(null, System.getenv(), System.out::println);
  }
}
