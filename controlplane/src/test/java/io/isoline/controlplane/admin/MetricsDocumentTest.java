package io.isoline.controlplane.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.controlplane.admin.MetricsPage.Metric;
import io.isoline.controlplane.certs.CertificateAuthority;
import io.isoline.controlplane.certs.XdsIdentity;
import io.isoline.controlplane.peers.PeerTls;
import io.isoline.controlplane.peers.SecretVolume;
import io.isoline.controlplane.status.StatusListener.Outcome;
import io.isoline.controlplane.status.StatusListener.Write;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Update;
import io.isoline.translator.Verdict;
import io.isoline.translator.kube.KnownKind;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page for users has every metric, as it is, and no other one. */
final class MetricsDocumentTest {

  /** There only after the garbage collector had something to do. */
  private static final Set<String> SOMETIMES =
      Set.of("jvm_gc_pause_seconds", "jvm_gc_concurrent_phase_time_seconds");

  @Test
  void page_hasARowForEachMetricAndNoOther(@TempDir Path directory) throws Exception {
    assertEquals(
        rows(everything(directory).metrics().values(), metric -> !isMaximum(metric)),
        // Another test asks an Envoy for its own.
        rows(MetricsPage.read().values(), metric -> !metric.name().startsWith("envoy_")));
  }

  /** The page says once that every histogram has one. */
  private static boolean isMaximum(Metric metric) {
    return metric.name().endsWith("_seconds_max");
  }

  private static String rows(Collection<Metric> metrics, Predicate<Metric> which) {
    return metrics.stream()
        .filter(which)
        .filter(metric -> !SOMETIMES.contains(metric.name()))
        .map(Metric::row)
        .collect(Collectors.joining("\n"));
  }

  /** A page of metrics on which none is missing. */
  private static Exposition everything(Path directory) throws Exception {
    ObjectRef web = ObjectRef.ingress("default", "web");
    Verdict verdict =
        new Verdict(web, "", Verdict.Outcome.REFUSED, Verdict.Reason.InvalidValue, "bad", "");
    CertificateAuthority authority = CertificateAuthority.create(Instant.now());
    SecretVolume volume = new SecretVolume(directory.resolve("xds"));
    volume.put(authority.issue(XdsIdentity.SERVER, Instant.now()), authority);
    try (PeerTls tls = PeerTls.open(volume.files());
        Metrics metrics = new Metrics("1.2.3", new Readiness())) {
      metrics.observe(tls);
      metrics
          .engine()
          .updated(
              List.of(new Change.Delete(web)),
              new Update(List.of(), Set.of(), Map.of(), null, List.of()));
      metrics.engine().judged(Map.of(web, List.of(verdict)));
      metrics.feed().listed(KnownKind.INGRESS, 1);
      metrics.feed().event(KnownKind.INGRESS);
      metrics.feed().watchRestarted(KnownKind.INGRESS);
      metrics.feed().failed(KnownKind.INGRESS, "list", 403);
      metrics.status().wrote(Write.EVENT, Outcome.WRITTEN);
      return new Exposition(metrics.scrape(null).body());
    }
  }
}
