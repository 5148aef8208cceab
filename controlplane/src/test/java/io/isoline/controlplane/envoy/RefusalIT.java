package io.isoline.controlplane.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.isoline.controlplane.config.DefaultCertificate;
import io.isoline.controlplane.manifest.ManifestObject;
import io.isoline.controlplane.manifest.ManifestReader;
import io.isoline.controlplane.stream.ResourceStore;
import io.isoline.controlplane.stream.StreamEvents;
import io.isoline.controlplane.stream.StreamInfo;
import io.isoline.controlplane.xds.XdsServer;
import io.isoline.envoy.Address;
import io.isoline.envoy.XdsProtocol;
import io.isoline.translator.Change;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import io.isoline.translator.Settings;
import io.isoline.translator.Translator;
import io.isoline.translator.Update;
import io.isoline.translator.tls.ServerCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A resource that Envoy refuses though it is valid by all rules, among others that it takes. */
class RefusalIT {

  private static final String SICK = "default/sick/80";

  private final ScheduledExecutorService engine = Executors.newSingleThreadScheduledExecutor();
  private final ResourceStore store = new ResourceStore();
  private final List<String> rejected = new CopyOnWriteArrayList<>();
  private final Translator translator;
  private final int port = Ports.free();

  @SuppressWarnings("NullAway") // set before each test
  private Backend backend;

  @SuppressWarnings("NullAway") // set before each test
  private XdsServer server;

  RefusalIT() {
    ServerCertificate.Valid certificate = DefaultCertificate.create(Instant.now());
    Settings settings = Settings.defaults(certificate.chain(), certificate.key());
    settings = Configured.with(
        settings,
        "allowLoopbackEndpoints: true",
        "http: {address: 127.0.0.1, port: " + port + "}",
        "https: {address: 127.0.0.1, port: 0}");
    translator = new Translator(settings);
  }

  @BeforeEach
  void start() throws IOException {
    backend = Backend.start("A");
    server =
        XdsServer.start(
            XdsServer.Options.defaults(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            store,
            engine,
            new StreamEvents() {
              @Override
              public void rejected(StreamInfo stream, Resource resource, String words) {
                rejected.add(resource + ": " + words);
              }
            });
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    engine.shutdownNow();
    backend.close();
  }

  private void onEngine(Runnable task) throws Exception {
    engine.submit(task).get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  /** Puts an Ingress for the host, and the cluster with this address, into one update. */
  private void apply(String host, String clusterAddress) throws Exception {
    List<Change> changes = new ArrayList<>();
    for (ManifestObject object :
        new ManifestReader()
            .readText(
                "test.yaml",
                Yaml.ingress("web", host, "Prefix / a") + "\n---\n" + Yaml.service("a", backend))
            .objects()) {
      changes.add(new Change.Upsert(object.projection()));
    }
    onEngine(
        () -> {
          Update update = translator.apply(changes, Instant.now());
          List<Resource> changed = new ArrayList<>(update.changed());
          changed.add(cluster(clusterAddress));
          store.apply(changed, Set.of());
          store.markLoaded();
        });
  }

  private static Resource cluster(String address) {
    Cluster.Builder cluster = Cluster.newBuilder().setName(SICK);
    cluster.setType(Cluster.DiscoveryType.STATIC);
    cluster
        .getLoadAssignmentBuilder()
        .setClusterName(SICK)
        .addEndpointsBuilder()
        .addLbEndpointsBuilder()
        .getEndpointBuilder()
        .getAddressBuilder()
        .getSocketAddressBuilder()
        .setAddress(address)
        .setPortValue(80);
    return new Resource(ResourceType.CLUSTER, SICK, address, Any.pack(cluster.build()));
  }

  private String route(String host) throws IOException {
    try (Connection connection = Connection.open(port)) {
      return connection
          .exchange("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
          .route();
    }
  }

  @ParameterizedTest
  @EnumSource
  void resource_refused_isToldOnceAndTheRestGoesThrough(XdsProtocol protocol) throws Exception {
    apply("one.example.com", "not-an-address");
    try (EnvoyUnderTest envoy =
        EnvoyLauncher.get()
            .launch(
                new EnvoyUnderTest.Wiring(
                    new Address.Socket("127.0.0.1", server.port()), protocol, "refusing", null))) {
      Await.until("the first host is served", () -> route("one.example.com").equals("A"));
      assertEquals(1, rejected.size(), rejected::toString);
      assertTrue(rejected.getFirst().contains(SICK), rejected::toString);
      assertTrue(rejected.getFirst().contains("malformed IP address"), rejected::toString);
      long refusals = envoy.counter("cluster_manager.cds.update_rejected");
      // Other changes go through, and it is not sent again.
      for (String host : List.of("two.example.com", "three.example.com")) {
        apply(host, "not-an-address");
        Await.until("the next host is served", () -> route(host).equals("A"));
      }
      assertEquals(refusals, envoy.counter("cluster_manager.cds.update_rejected"));
      assertEquals(1, rejected.size(), rejected::toString);
      // Until it is another one.
      apply("four.example.com", "127.0.0.1");
      Await.until(
          "the corrected cluster is there",
          () -> envoy.get("/clusters").contains(SICK + "::127.0.0.1:80"));
      assertEquals(refusals, envoy.counter("cluster_manager.cds.update_rejected"));
    }
  }
}
