package io.isoline.controlplane.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.kube.EndpointSliceRecord;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointsMirrorTest {

  private static final String ENDPOINTS =
      """
      apiVersion: v1
      kind: Endpoints
      metadata: {name: web}
      subsets:
        - addresses: [{ip: 10.0.0.1}, {ip: "fd00::1"}]
          notReadyAddresses: [{ip: 10.0.0.2}]
          ports: [{name: http, port: 8080}]
        - addresses: [{ip: 10.0.0.3}]
          ports: [{port: 9090, protocol: UDP}]
      """;

  private static List<EndpointSliceRecord> slices(Manifests manifests) {
    return manifests.objects().stream()
        .map(ManifestObject::projection)
        .filter(EndpointSliceRecord.class::isInstance)
        .map(EndpointSliceRecord.class::cast)
        .toList();
  }

  @Test
  void endpoints_ofAServiceWithoutSelector_areSlices() {
    var manifests = Reading.of(ENDPOINTS + "---\n" + Reading.service("web", 80));
    List<EndpointSliceRecord> slices = slices(manifests);
    assertEquals(List.of(), manifests.verdicts());
    assertEquals(
        List.of("IPv4", "IPv6", "IPv4"),
        slices.stream().map(EndpointSliceRecord::addressType).toList());
    assertEquals(List.of("10.0.0.1"), slices.getFirst().endpoints().getFirst().addresses());
    assertTrue(slices.getFirst().endpoints().getFirst().ready());
    assertTrue(!slices.getFirst().endpoints().getLast().ready());
    assertEquals("http", slices.getFirst().ports().getFirst().name());
    assertEquals("web", slices.getLast().service());
    assertEquals("UDP", slices.getLast().ports().getFirst().protocol());
  }

  @ParameterizedTest
  @CsvSource({
    "selector: {app: web},no,has a selector",
    "selector: {},yes,''",
    "selector: ,yes,''",
  })
  void endpoints_ofAServiceWithSelector_areOverwrittenByTheCluster(
      String selector, String mirrored, String why) {
    var manifests =
        Reading.of(ENDPOINTS + "---\n" + Reading.service("web", 80) + "  " + selector + "\n");
    if (mirrored.equals("yes")) {
      assertEquals(3, slices(manifests).size());
    } else {
      Verdict verdict = Reading.only(manifests, Reason.IgnoredKind);
      assertEquals("Endpoints default/web", verdict.object().toString());
      assertTrue(verdict.message().contains(why), verdict.message());
      assertEquals(List.of(), slices(manifests));
    }
  }

  @Test
  void endpoints_withoutTheirService_areIgnored() {
    var manifests = Reading.of(ENDPOINTS + "---\n" + Reading.service("other", 80));
    assertTrue(Reading.only(manifests, Reason.IgnoredKind).message().contains("no Service"));
    assertEquals(List.of("Service default/other"), Reading.names(manifests));
  }

  @Test
  void endpoints_thatAreNotToBeMirrored_areIgnored() {
    var manifests =
        Reading.of(
            ENDPOINTS.replace(
                    "{name: web}",
                    "{name: web, labels: {endpointslice.kubernetes.io/skip-mirror: 'true'}}")
                + "---\n"
                + Reading.service("web", 80));
    assertTrue(Reading.only(manifests, Reason.IgnoredKind).message().contains("skip-mirror"));
    assertEquals(List.of(), slices(manifests));
  }

  @Test
  void endpoints_thereTwice_theFirstCount() {
    var manifests =
        Reading.of(
            ENDPOINTS.replaceAll("(?s)  - addresses: \\[\\{ip: 10.0.0.3.*", "")
                + "---\n"
                + ENDPOINTS
                + "---\n"
                + Reading.service("web", 80));
    assertEquals(2, slices(manifests).size());
    Verdict conflict = Reading.only(manifests, Reason.Conflict);
    assertTrue(conflict.message().contains("Endpoints default/web is there twice"));
    assertTrue(conflict.message().contains("test.yaml:1:1"), conflict.message());
  }

  @Test
  void port_outOfRange_isRefused() {
    var manifests = Reading.of(ENDPOINTS.replace("8080", "80800"));
    assertEquals(
        "subsets[0].ports[0].port", Reading.only(manifests, Reason.InvalidValue).field());
  }
}
