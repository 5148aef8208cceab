package io.isoline.controlplane.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.engine.Delivery;
import io.isoline.controlplane.manifest.ManifestReader;
import io.isoline.controlplane.manifest.Manifests;
import io.isoline.controlplane.terminal.Terminal;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import io.isoline.translator.Update;
import io.isoline.translator.Verdict;
import io.isoline.translator.kube.EndpointSliceRecord;
import io.isoline.translator.kube.ServiceRecord;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EditLogTest {

  private static final ObjectRef WEB = ObjectRef.service("default", "web");

  private final List<String> lines = new ArrayList<>();
  private final EditLog log =
      new EditLog(
          new Terminal(
              new PrintWriter(Writer.nullWriter()),
              new PrintWriter(Writer.nullWriter()),
              false,
              Map.of()),
          manifests(""),
          lines::addAll);

  @BeforeEach
  void load() {
    batch(List.of(service()), 1, 1, 0, Map.of());
    assertEquals(List.of(), lines);
  }

  @Test
  void knownObject_changed() {
    batch(List.of(service()), 1, 1, 0, Map.of());
    assertEquals(
        List.of("changed Service default/web: Envoy took it (1 resource, 7 ms)"), lines);
  }

  @Test
  void newObject_added_goneObject_removed() {
    ObjectRef other = ObjectRef.service("default", "other");
    batch(List.of(new Change.Upsert(record(other)), new Change.Delete(WEB)), 2, 1, 0, Map.of());
    assertEquals(
        List.of(
            "added Service default/other, removed Service default/web: Envoy took it"
                + " (2 resources, 7 ms)"),
        lines);
  }

  @Test
  void nothingForEnvoy_saysSo() {
    batch(List.of(service()), 0, 1, 0, Map.of());
    assertEquals(List.of("changed Service default/web: nothing changes for Envoy"), lines);
  }

  @Test
  void rejected_saysSo() {
    batch(List.of(service()), 3, 1, 1, Map.of());
    assertEquals(
        List.of(
            "changed Service default/web: Envoy refused 1 of 3 resources and goes on with the last"
                + " good version"),
        lines);
  }

  @Test
  void samplePods_countedByService() {
    batch(List.of(sample("web-1"), sample("web-2")), 1, 1, 0, Map.of());
    assertEquals(
        List.of(
            "started 2 sample pods of Service default/web: Envoy took it (1 resource, 7 ms)"),
        lines);
  }

  @Test
  void newFinding_belowTheEdit_andAgainWhenItIsGone() {
    Verdict verdict =
        new Verdict(
            WEB, "", Verdict.Outcome.REFUSED, Verdict.Reason.NoEndpoints, "has none", "add one");
    batch(List.of(service()), 1, 1, 0, Map.of(WEB, List.of(verdict)));
    assertEquals(
        List.of(
            "changed Service default/web: Envoy took it (1 resource, 7 ms)",
            "refused: Service default/web: has none",
            "    fix: add one"),
        lines);
    lines.clear();
    batch(List.of(service()), 1, 1, 0, Map.of(WEB, List.of()));
    assertEquals("Service default/web: nothing to look at any more", lines.getLast());
  }

  @Test
  void unreadableFile_toldWithoutTheEngine() {
    log.show(manifests("kind: [\n"));
    assertTrue(lines.getFirst().contains("web.yaml:"), lines.toString());
    lines.clear();
    log.show(manifests(""));
    assertTrue(lines.getFirst().endsWith("nothing to look at any more"), lines.toString());
  }

  private void batch(
      List<Change> changes,
      int resources,
      int envoys,
      int rejected,
      Map<ObjectRef, List<Verdict>> verdicts) {
    List<Resource> changed = new ArrayList<>();
    for (int i = 0; i < resources; i++) {
      changed.add(
          new Resource(
              ResourceType.CLUSTER, "c" + i, "v", com.google.protobuf.Any.getDefaultInstance()));
    }
    Update update = new Update(changed, Set.of(), verdicts, null, List.of());
    log.updated(changes, update);
    log.judged(verdicts);
    log.delivered(new Delivery(changes, changed.size(), envoys, rejected, Duration.ofMillis(7)));
  }

  private static Change service() {
    return new Change.Upsert(record(WEB));
  }

  private static ServiceRecord record(ObjectRef ref) {
    return new ServiceRecord(ref, null, List.of(), List.of());
  }

  private static Change sample(String pod) {
    return new Change.Upsert(
        new EndpointSliceRecord(
            ObjectRef.endpointSlice("default", "web/" + pod), "web", "IPv4", List.of(), List.of()));
  }

  private static Manifests manifests(String text) {
    return new ManifestReader().readText("web.yaml", text);
  }
}
