package io.isoline.controlplane.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.controlplane.config.DefaultCertificate;
import io.isoline.controlplane.status.StatusListener.Outcome;
import io.isoline.controlplane.status.StatusListener.Write;
import io.isoline.controlplane.xds.PeerTls;
import io.isoline.controlplane.xds.TlsFiles;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Update;
import io.isoline.translator.Verdict;
import io.isoline.translator.tls.ServerCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page for users has every metric, as it is, and no other one. */
final class MetricsDocumentTest {

  private static final Path PAGE = Path.of("../docs/metrics.md");

  /** There only after the garbage collector had something to do. */
  private static final Set<String> SOMETIMES =
      Set.of("jvm_gc_pause_seconds", "jvm_gc_concurrent_phase_time_seconds");

  @Test
  void page_hasARowForEachMetricAndNoOther(@TempDir Path directory) throws Exception {
    SortedMap<String, String> wanted = new TreeMap<>();
    everything(directory).families().values().stream()
        // The page says once that every histogram has one.
        .filter(family -> !family.name().endsWith("_seconds_max"))
        .filter(family -> !SOMETIMES.contains(family.name()))
        .forEach(family -> wanted.put(family.name(), row(family)));
    SortedMap<String, String> rows = rows();
    rows.keySet().removeAll(SOMETIMES);
    assertEquals(String.join("\n", wanted.values()), String.join("\n", rows.values()));
  }

  private static String row(Exposition.Family family) {
    String labels =
        family.labels().stream().map(label -> "`" + label + "`").collect(Collectors.joining(", "));
    return "| `%s` | %s | %s | %s |"
        .formatted(family.name(), family.type(), labels, family.help())
        .replace("|  |", "| |");
  }

  private static SortedMap<String, String> rows() throws IOException {
    SortedMap<String, String> rows = new TreeMap<>();
    for (String line : Files.readAllLines(PAGE)) {
      if (line.matches("\\| `[a-z].*")) {
        rows.put(line.split("`", 3)[1], line);
      }
    }
    return rows;
  }

  /** A page of metrics on which none is missing. */
  private static Exposition everything(Path directory) throws Exception {
    ObjectRef web = ObjectRef.ingress("default", "web");
    Verdict verdict =
        new Verdict(web, "", Verdict.Outcome.REFUSED, Verdict.Reason.InvalidValue, "bad", "");
    ServerCertificate.Valid own = DefaultCertificate.create(Instant.now());
    Path certificate = directory.resolve("tls.crt");
    Path key = directory.resolve("tls.key");
    Files.write(certificate, own.chain().toByteArray());
    Files.write(key, own.key().toByteArray());
    try (PeerTls tls = PeerTls.open(new TlsFiles(certificate, key, certificate));
        Metrics metrics = new Metrics("1.2.3", new Readiness())) {
      metrics.observe(tls);
      metrics
          .engine()
          .updated(
              List.of(new Change.Delete(web)), new Update(List.of(), Set.of(), Map.of(), null));
      metrics.engine().judged(Map.of(web, List.of(verdict)));
      metrics.feed().listed("Ingress", 1);
      metrics.feed().event("Ingress");
      metrics.feed().watchRestarted("Ingress");
      metrics.feed().failed("Ingress", "list", 403);
      metrics.status().wrote(Write.EVENT, Outcome.WRITTEN);
      return new Exposition(metrics.scrape(null).body());
    }
  }
}
