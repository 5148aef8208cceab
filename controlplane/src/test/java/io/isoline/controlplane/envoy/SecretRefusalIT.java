package io.isoline.controlplane.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.controlplane.config.DefaultCertificate;
import io.isoline.controlplane.engine.Engine;
import io.isoline.controlplane.engine.EngineListener;
import io.isoline.controlplane.engine.SpoilingEngine;
import io.isoline.controlplane.manifest.ManifestReader;
import io.isoline.controlplane.manifest.Manifests;
import io.isoline.controlplane.envoy.TestCertificate.Algorithm;
import io.isoline.controlplane.xds.XdsServer;
import io.isoline.envoy.Address;
import io.isoline.envoy.XdsProtocol;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import io.isoline.translator.Settings;
import io.isoline.translator.kube.KnownKind;
import io.isoline.translator.tls.ServerCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a real Envoy does with a Secret after it refused it. It remembers its bytes and acknowledges
 * them when they come again, and it makes the next TLS context that names it of them.
 */
class SecretRefusalIT {

  private final Set<Resource.Key> spoiled = ConcurrentHashMap.newKeySet();
  private final Map<String, String> objects = new TreeMap<>();
  private Manifests manifests = new ManifestReader().readText("none", "");
  private final int https = Ports.free();
  private final Settings settings;

  private static final String DEFAULT = "Isoline default certificate";

  @SuppressWarnings("NullAway") // set before each test
  private Engine engine;

  SecretRefusalIT() {
    ServerCertificate.Valid certificate = DefaultCertificate.create(Instant.now());
    Settings all = Settings.defaults(certificate.chain(), certificate.key());
    settings = Configured.with(
        all,
        "allowLoopbackEndpoints: true",
        "http: {address: 127.0.0.1, port: 0}",
        "https: {address: 127.0.0.1, port: " + https + "}");
  }

  @BeforeEach
  void start() throws IOException {
    engine = startEngine(0);
    engine.loaded();
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private Engine startEngine(int port) throws IOException {
    return SpoilingEngine.start(
        settings,
        XdsServer.Options.defaults(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)),
        new EngineListener() {},
        Clock.systemUTC(),
        resource -> spoiled.contains(resource.key()) ? Fault.BUILD.in(resource) : resource);
  }

  private EnvoyUnderTest launch(XdsProtocol protocol) throws Exception {
    return EnvoyLauncher.get()
        .launch(
            new EnvoyUnderTest.Wiring(
                new Address.Socket("127.0.0.1", engine.port()), protocol, "refusing", null));
  }

  /**
   * An Envoy that refuses the Secrets {@code known} of the host {@code one}, of which it has a good
   * version, and {@code fresh} of {@code two}.
   */
  private EnvoyUnderTest launchRefusing(XdsProtocol protocol) throws Exception {
    ingress("one", "known");
    secret("known", "old");
    apply();
    EnvoyUnderTest envoy = launch(protocol);
    try {
      awaitCertificate("one", "old");
      secret("known", "new");
      spoil("known");
      ingress("two", "fresh");
      secret("fresh", "new");
      spoil("fresh");
      apply();
      awaitRefused("known", "fresh");
      return envoy;
    } catch (Throwable e) {
      envoy.close();
      throw e;
    }
  }

  /** Puts an Ingress for the host {@code NAME.example.com} that names the Secret. */
  private void ingress(String name, String secret) {
    objects.put(name, Yaml.tlsIngress(name, secret, host(name), "Prefix / a"));
  }

  private void secret(String name, String commonName) {
    objects.put("secret " + name, TestCertificate.of(commonName, "*.example.com").secret(name));
  }

  private void spoil(String secret) {
    spoiled.add(new Resource.Key(ResourceType.SECRET, "default/" + secret));
  }

  /** Puts an Ingress for the host that names two Secrets. */
  private void ingress(String name, String one, String another) {
    ingress(name, one);
    objects.compute(
        name,
        (any, yaml) ->
            yaml + "  - {secretName: %s, hosts: [\"%s\"]}\n".formatted(another, host(name)));
  }

  private void rsaSecret(String name, String commonName) {
    Instant notAfter = Instant.now().plus(Duration.ofDays(30));
    objects.put(
        "secret " + name,
        TestCertificate.create(commonName, Algorithm.RSA, notAfter, "*.example.com").secret(name));
  }

  private String certificate(String name, Algorithm algorithm) {
    TlsConnection.Hello hello =
        TlsConnection.Hello.to(host(name))
            .withSignatureSchemes(
                algorithm == Algorithm.RSA ? "rsa_pss_rsae_sha256" : "ecdsa_secp256r1_sha256");
    try (TlsConnection connection = TlsConnection.open(https, hello)) {
      return connection.commonName();
    } catch (IOException e) {
      return "no handshake";
    }
  }

  private void mend(String... secrets) {
    spoiled.clear();
    for (String name : secrets) {
      secret(name, "mended");
    }
    apply();
  }

  private void apply() {
    Manifests now =
        new ManifestReader().readText("test.yaml", String.join("\n---\n", objects.values()));
    engine.submit(now.changesSince(manifests));
    manifests = now;
  }

  /** Another control plane in the place of this one, as after a crash. */
  private void restart() throws IOException {
    int port = engine.port();
    engine.close();
    engine = startEngine(port);
    engine.submit(manifests.changesSince(new ManifestReader().readText("none", "")));
    engine.loaded();
  }

  /** Changes what is in all chains. */
  private void stricter() {
    engine.submit(List.of(new Change.Configure(Configured.with(
        settings, "tls: {minVersion: 1.3}"))));
  }

  private static String host(String name) {
    return name + ".example.com";
  }

  private String certificate(String name) {
    try (TlsConnection connection =
        TlsConnection.open(https, TlsConnection.Hello.to(host(name)))) {
      return connection.commonName();
    } catch (IOException e) {
      return "no handshake";
    }
  }

  private void awaitCertificate(String name, String commonName) {
    Await.until(name + " has " + commonName, () -> certificate(name).equals(commonName));
  }

  private void awaitRefused(String... secrets) {
    Set<String> expected = new TreeSet<>(Set.of(secrets));
    Await.until("refused are " + expected, () -> refused().equals(expected));
  }

  /** Names of Secrets. */
  private Set<String> refused() {
    return SpoilingEngine.accused(engine).stream()
        .filter(ref -> ref.kind() == KnownKind.SECRET)
        .map(ObjectRef::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @EnumSource
  void severalAtOnce_eachIsFound(XdsProtocol protocol) throws Exception {
    for (String name : new String[] {"one", "two", "three", "good"}) {
      ingress(name, name);
      secret(name, name.equals("good") ? "good" : "old");
    }
    apply();
    try (EnvoyUnderTest _ = launch(protocol)) {
      awaitCertificate("good", "good");
      for (String name : new String[] {"one", "two", "three"}) {
        secret(name, "new");
        spoil(name);
      }
      secret("good", "better");
      apply();
      awaitRefused("one", "two", "three");
      awaitCertificate("good", "better");
      for (String name : new String[] {"one", "two", "three"}) {
        assertEquals("old", certificate(name), name);
      }
    }
  }

  /** Envoy makes one TLS context of both, so the bad one spoils the good one. */
  @ParameterizedTest
  @EnumSource
  void oneOfTwoForAHost_theOtherIsRenewed(XdsProtocol protocol) throws Exception {
    ingress("one", "rsa", "ecdsa");
    rsaSecret("rsa", "old-rsa");
    secret("ecdsa", "old-ecdsa");
    ingress("two", "ecdsa2", "rsa2");
    rsaSecret("rsa2", "old-rsa");
    secret("ecdsa2", "old-ecdsa");
    apply();
    try (EnvoyUnderTest _ = launch(protocol)) {
      awaitCertificate("one", "old-ecdsa");
      rsaSecret("rsa", "new-rsa");
      spoil("rsa");
      secret("ecdsa", "new-ecdsa");
      rsaSecret("rsa2", "new-rsa");
      secret("ecdsa2", "new-ecdsa");
      spoil("ecdsa2");
      apply();
      awaitRefused("rsa", "ecdsa2");
      Await.until(
          "good ones are renewed",
          () ->
              certificate("one", Algorithm.ECDSA).equals("new-ecdsa")
                  && certificate("two", Algorithm.RSA).equals("new-rsa"));
      assertEquals("old-rsa", certificate("one", Algorithm.RSA));
      assertEquals("old-ecdsa", certificate("two", Algorithm.ECDSA));
    }
  }

  /** Neither has a good version that could tell the two apart. */
  @ParameterizedTest
  @EnumSource
  void oneOfTwoForANewHost_itAloneIsBlamed(XdsProtocol protocol) throws Exception {
    ingress("unrelated", "unrelated");
    secret("unrelated", "good");
    apply();
    try (EnvoyUnderTest _ = launch(protocol)) {
      awaitCertificate("unrelated", "good");
      ingress("one", "rsa", "ecdsa");
      rsaSecret("rsa", "new-rsa");
      spoil("rsa");
      secret("ecdsa", "new-ecdsa");
      ingress("two", "ecdsa2", "rsa2");
      rsaSecret("rsa2", "new-rsa");
      secret("ecdsa2", "new-ecdsa");
      spoil("ecdsa2");
      apply();
      Await.until(
          "good ones are there",
          () ->
              certificate("one", Algorithm.ECDSA).equals("new-ecdsa")
                  && certificate("two", Algorithm.RSA).equals("new-rsa"));
      awaitRefused("rsa", "ecdsa2");

      mend("rsa", "ecdsa2");
      awaitRefused();
      Await.until("nothing is refused any more", () -> SpoilingEngine.accused(engine).isEmpty());
    }
  }

  @ParameterizedTest
  @EnumSource
  void refused_thenAllContextsAreMadeAgain_theListenerIsTaken(XdsProtocol protocol)
      throws Exception {
    try (EnvoyUnderTest envoy = launchRefusing(protocol)) {
      awaitCertificate("two", DEFAULT);

      stricter();
      ingress("unrelated", "unrelated");
      secret("unrelated", "good");
      apply();
      awaitCertificate("unrelated", "good");
      assertEquals("old", certificate("one"));
      assertEquals(DEFAULT, certificate("two"));
      assertEquals(0, envoy.counter("listener_manager.lds.update_rejected"));

      mend("known", "fresh");
      awaitCertificate("one", "mended");
      awaitCertificate("two", "mended");
      awaitRefused();
    }
  }

  @ParameterizedTest
  @EnumSource
  void refused_thenTheControlPlaneComesBack_isRefusedAgain(XdsProtocol protocol) throws Exception {
    try (EnvoyUnderTest _ = launchRefusing(protocol)) {
      restart();
      awaitRefused("known", "fresh");
      assertEquals("old", certificate("one"));
      awaitCertificate("two", DEFAULT);

      // Nobody here knows what Envoy had before, so that it cannot be put back.
      stricter();
      ingress("unrelated", "unrelated");
      secret("unrelated", "good");
      apply();
      mend("known", "fresh");
      awaitCertificate("one", "mended");
      awaitCertificate("two", "mended");
      awaitCertificate("unrelated", "good");
      awaitRefused();
      Await.until("nothing is refused any more", () -> SpoilingEngine.accused(engine).isEmpty());
    }
  }
}
