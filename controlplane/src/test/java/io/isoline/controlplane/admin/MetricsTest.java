package io.isoline.controlplane.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.config.DefaultCertificate;
import io.isoline.controlplane.engine.Delivery;
import io.isoline.controlplane.engine.Engine;
import io.isoline.controlplane.engine.EngineListener;
import io.isoline.controlplane.engine.ProgrammedIngress;
import io.isoline.controlplane.engine.Rejection;
import io.isoline.controlplane.envoy.Await;
import io.isoline.controlplane.manifest.ManifestReader;
import io.isoline.controlplane.status.StatusListener.Outcome;
import io.isoline.controlplane.status.StatusListener.Write;
import io.isoline.controlplane.stream.StreamInfo;
import io.isoline.controlplane.xds.XdsServer;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.ResourceType;
import io.isoline.translator.Settings;
import io.isoline.translator.Verdict;
import io.isoline.translator.tls.ServerCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an engine and a client on a real connection come to in the figures. */
final class MetricsTest {

  private static final String WEB =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: web}
      spec:
        ingressClassName: isoline
        rules:
        - host: web.example.com
          http:
            paths:
            - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
      """;
  private static final String LOST = WEB.replace("web", "lost");
  private static final String OTHERS = WEB.replace("isoline", "nginx").replace("web", "others");
  private static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {ports: [{port: 80}]}
      """;
  private static final String SLICE =
      """
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
      addressType: IPv4
      ports: [{name: "", port: 3000, protocol: TCP}]
      endpoints: [{addresses: [192.0.2.1]}]
      """;

  @TempDir private Path directory;

  private final Readiness readiness = new Readiness();
  private final Metrics metrics = new Metrics("1.2.3", readiness);

  /** What the engine tells; each line after the figures have it. */
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  private final List<String> seen = new ArrayList<>();

  private Engine engine;

  @BeforeEach
  void start() throws IOException {
    ServerCertificate.Valid certificate = DefaultCertificate.create(Instant.now());
    Settings settings = Settings.defaults(certificate.chain(), certificate.key());
    EngineListener listener =
        EngineListener.all(List.of(readiness.requireEngine(), metrics.engine(), new Told()));
    engine =
        Engine.start(
            settings,
            XdsServer.Options.defaults(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            listener,
            Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    engine.close();
    metrics.close();
  }

  @Test
  void objects_countedByWhatBecameOfThem() throws Exception {
    submit(WEB, LOST, OTHERS, SERVICE, SLICE);
    engine.loaded();
    await("loaded");
    Exposition page = page();
    assertEquals(1, page.value("isoline_objects{kind=\"Ingress\",outcome=\"Applied\"}"));
    assertEquals(1, page.value("isoline_objects{kind=\"Ingress\",outcome=\"Refused\"}"));
    assertEquals(1, page.value("isoline_objects{kind=\"Ingress\",outcome=\"NoEffect\"}"));
    assertEquals(1, page.value("isoline_objects{kind=\"Service\",outcome=\"Applied\"}"));
    assertEquals(
        1,
        page.value(
            "isoline_objects_by_reason"
                + "{kind=\"Ingress\",outcome=\"Refused\",reason=\"BackendNotFound\"}"));
    assertEquals(3, page.value("isoline_translated_changes_total{kind=\"Ingress\"}"));
    assertEquals(1, page.value("isoline_translated_changes_total{kind=\"EndpointSlice\"}"));
  }

  @Test
  void objectMendedAndDeleted_countedAnew() throws Exception {
    submit(LOST, SERVICE.replace("web", "lost"), SLICE.replace("web", "lost"));
    engine.submit(List.of(new Change.Delete(ObjectRef.service("default", "lost"))));
    engine.loaded();
    await("loaded");
    assertEquals(1, page().value("isoline_objects{kind=\"Ingress\",outcome=\"Refused\"}"));
    submit(SERVICE.replace("web", "lost"));
    engine.verdicts().get();
    assertEquals(0, page().value("isoline_objects{kind=\"Ingress\",outcome=\"Refused\"}"));
    assertEquals(1, page().value("isoline_objects{kind=\"Ingress\",outcome=\"Applied\"}"));
    engine.submit(List.of(new Change.Delete(ObjectRef.ingress("default", "lost"))));
    engine.verdicts().get();
    assertEquals(0, page().value("isoline_objects{kind=\"Ingress\",outcome=\"Applied\"}"));
    assertEquals(0, page().value("isoline_ingresses{state=\"Incomplete\"}"));
  }

  @Test
  void envoyTakesEverything_sentAcknowledgedDeliveredProgrammed() throws Exception {
    submit(WEB, SERVICE, SLICE);
    assertEquals(0, page().value("isoline_ready"));
    engine.loaded();
    await("loaded");
    await("programmed 0/0");
    assertEquals(1, page().value("isoline_ready"));
    assertEquals(1, page().value("isoline_ingresses{state=\"Incomplete\"}"));
    assertEquals(0, page().value("isoline_delivery_duration_seconds_count"));
    try (DeltaEnvoy _ = new DeltaEnvoy(engine.port(), Set.of())) {
      await("programmed 1/1");
      Exposition page = page();
      assertEquals(1, page.value("isoline_ingresses{state=\"Programmed\"}"));
      assertEquals(0, page.value("isoline_ingresses{state=\"Incomplete\"}"));
      assertEquals(1, page.value("isoline_xds_streams{variant=\"delta\"}"));
      assertEquals(1, page.value("isoline_xds_streams_opened_total"));
      assertEquals(3, page.value("isoline_xds_resources{type=\"RouteConfiguration\"}"));
      for (String type : List.of("Cluster", "ClusterLoadAssignment", "RouteConfiguration")) {
        String label = "{type=\"" + type + "\"}";
        assertEquals(1, page.value("isoline_xds_acks_total" + label), type);
        assertEquals(1, page.value("isoline_xds_responses_total" + label), type);
        double stored = page.value("isoline_xds_resource_bytes" + label);
        assertTrue(stored > 0, type);
        assertEquals(stored, page.value("isoline_xds_sent_bytes_total" + label), type);
        assertEquals(
            page.value("isoline_xds_resources" + label),
            page.value("isoline_xds_sent_resources_total" + label),
            type);
      }
      submit(LOST);
      await("delivered to 1");
      assertEquals(1, page().value("isoline_delivery_duration_seconds_count"));
    }
    await("disconnected");
    assertEquals(0, page().value("isoline_xds_streams{variant=\"delta\"}"));
  }

  @Test
  void envoyRefusesRoutes_nackedAndRejectedByType() throws Exception {
    submit(WEB, SERVICE, SLICE);
    engine.loaded();
    try (DeltaEnvoy _ = new DeltaEnvoy(engine.port(), Set.of(ResourceType.ROUTE))) {
      await("rejected ROUTE ingress");
      await("rejected ROUTE ingress/web.example.com");
      await("rejected ROUTE isoline.gate");
      Exposition page = page();
      // Of the three that come together, of two of them, and of each.
      assertEquals(5, page.value("isoline_xds_nacks_total{type=\"RouteConfiguration\"}"));
      assertEquals(0, page.value("isoline_xds_acks_total{type=\"RouteConfiguration\"}"));
      assertEquals(
          3, page.value("isoline_xds_rejected_resources_total{type=\"RouteConfiguration\"}"));
      assertEquals(0, page.value("isoline_xds_nacks_total{type=\"Cluster\"}"));
      assertEquals(1, page.value("isoline_ingresses{state=\"Incomplete\"}"));
    }
  }

  /** As two versions of Envoy may, of which one knows less. */
  @Test
  void oneOfTwoEnvoysRefusesRoutes_theOtherHasThem() throws Exception {
    submit(WEB, SERVICE, SLICE);
    engine.loaded();
    try (DeltaEnvoy _ = new DeltaEnvoy(engine.port(), Set.of());
        DeltaEnvoy _ = new DeltaEnvoy(engine.port(), Set.of(ResourceType.ROUTE))) {
      await("rejected ROUTE ingress");
      await("rejected ROUTE ingress/web.example.com");
      Await.until(
          "the other took them",
          () -> page().value("isoline_xds_acks_total{type=\"RouteConfiguration\"}") > 0);
      assertEquals(1, page().value("isoline_ingresses{state=\"Incomplete\"}"));
      assertEquals(
          List.of(Verdict.Reason.RejectedByEnvoy),
          engine
              .verdicts()
              .get()
              .getOrDefault(ObjectRef.ingress("default", "web"), List.of())
              .stream()
              .filter(Verdict::isFinding)
              .map(Verdict::reason)
              .toList());
    }
  }

  @Test
  void resourcesRemoved_noLongerCounted() throws Exception {
    submit(WEB, SERVICE, SLICE);
    engine.loaded();
    await("loaded");
    assertEquals(1, page().value("isoline_xds_resources{type=\"Cluster\"}"));
    engine.submit(List.of(new Change.Delete(ObjectRef.ingress("default", "web"))));
    engine.verdicts().get();
    assertEquals(0, page().value("isoline_xds_resources{type=\"Cluster\"}"));
    assertEquals(0, page().value("isoline_xds_resource_bytes{type=\"Cluster\"}"));
  }

  @Test
  void writes_countedByWhatBecameOfThem() {
    metrics.status().leading(true);
    metrics.status().followers(2);
    metrics.status().wrote(Write.STATUS, Outcome.WRITTEN);
    metrics.status().wrote(Write.EVENT, Outcome.FORBIDDEN);
    assertEquals(1, page().value("isoline_leader"));
    assertEquals(2, page().value("isoline_followers"));
    assertEquals(1, page().value("isoline_api_writes_total{outcome=\"Written\",what=\"Status\"}"));
    assertEquals(1, page().value("isoline_api_writes_total{outcome=\"Forbidden\",what=\"Event\"}"));
    metrics.status().leading(false);
    assertEquals(0, page().value("isoline_leader"));
  }

  private Exposition page() {
    try {
      return new Exposition(metrics.scrape(null).body());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void submit(String... documents) throws IOException {
    Path file = directory.resolve("objects.yaml");
    Files.writeString(file, String.join("---\n", documents));
    engine.submit(
        new ManifestReader()
            .read(List.of(file)).objects().stream()
                .map(object -> new Change.Upsert(object.projection()))
                .toList());
  }

  /** Waits until the engine has told this, once for each call. */
  private void await(String line) throws InterruptedException {
    while (!seen.remove(line)) {
      String next = told.poll(60, TimeUnit.SECONDS);
      assertNotNull(next, () -> "not told within 60 s: " + line + "; but " + seen);
      seen.add(next);
    }
  }

  private final class Told implements EngineListener {

    @Override
    public void loaded() {
      told.add("loaded");
    }

    @Override
    public void delivered(Delivery delivery) {
      told.add("delivered to " + delivery.envoys());
    }

    @Override
    public void programmed(Collection<ProgrammedIngress> ingresses) {
      ingresses.forEach(
          ingress -> told.add("programmed " + ingress.acknowledged() + "/" + ingress.envoys()));
    }

    @Override
    public void rejected(Rejection rejection) {
      told.add("rejected " + rejection.resource().key());
    }

    @Override
    public void disconnected(StreamInfo envoy) {
      told.add("disconnected");
    }
  }
}
