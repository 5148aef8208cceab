package io.isoline.controlplane.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrictFieldsTest {

  private static Manifests ingress(String spec) {
    return Reading.of(
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: web
        spec:
        """
            + spec.indent(2));
  }

  private static void assertUnknown(Manifests manifests, String field, String at, String fix) {
    Verdict verdict = Reading.only(manifests, Reason.UnknownField);
    assertEquals(field, verdict.field());
    assertEquals(Outcome.NO_EFFECT, verdict.outcome());
    assertEquals(at, Reading.at(manifests, verdict));
    assertTrue(verdict.fix().contains(fix), verdict.fix());
    assertEquals(1, manifests.objects().size());
  }

  private static void assertRefused(
      Manifests manifests, String field, String at, String message, String fix) {
    Verdict verdict = Reading.only(manifests, Reason.InvalidValue);
    assertEquals(field, verdict.field());
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertEquals(at, Reading.at(manifests, verdict));
    assertTrue(verdict.message().contains(message), verdict.message());
    assertTrue(verdict.fix().contains(fix), verdict.fix());
    assertEquals(List.of(), manifests.objects());
  }

  @Test
  void read_correctIngress_noVerdict() {
    var manifests = Reading.of(Reading.ingress("web", "a.example.com"));
    assertEquals(List.of(), manifests.verdicts());
    assertEquals(List.of("Ingress default/web"), Reading.names(manifests));
  }

  @Test
  void unknownField_service_meansDefaultBackend() {
    assertUnknown(
        ingress("service:\n  name: x\n"), "spec.service", "6:3", "`defaultBackend.service`");
  }

  @Test
  void unknownField_backend_meansDefaultBackend() {
    assertUnknown(
        ingress("backend:\n  serviceName: x\n"), "spec.backend", "6:3", "`defaultBackend`");
  }

  @ParameterizedTest
  @CsvSource({
    "ingressclassname,`ingressClassName`",
    "ingress_class_name,`ingressClassName`",
    "ingresClassName,`ingressClassName`",
    "rule,`rules`",
    "host,`rules[].host`",
    "paths,`rules[].http.paths`",
    "labels,`labels` belongs to",
  })
  void unknownField_inSpec_suggestsTheFieldThatWasMeant(String name, String fix) {
    if (name.equals("labels")) {
      // Nothing above the spec has labels of its own: they are in the metadata beside it.
      fix = "the fields are defaultBackend, ingressClassName, rules, tls";
    }
    assertUnknown(ingress(name + ": x\n"), "spec." + name, "6:3", fix);
  }

  @Test
  void unknownField_hostInTls_meansHosts() {
    assertUnknown(
        ingress("tls:\n  - host: [a.example.com]\n"), "spec.tls[0].host", "7:7", "`hosts`");
  }

  @Test
  void unknownField_pathtype_meansPathType() {
    assertUnknown(
        ingress("rules:\n  - http:\n      paths:\n        - pathtype: Exact\n"),
        "spec.rules[0].http.paths[0].pathtype",
        "9:13",
        "`pathType`");
  }

  @Test
  void unknownField_tooDeep_belongsToOuterLevel() {
    assertUnknown(
        ingress(
            """
            rules:
              - http:
                  paths:
                    - path: /
                      backend:
                        pathType: Exact
            """),
        "spec.rules[0].http.paths[0].backend.pathType",
        "11:15",
        "indent it less");
  }

  @Test
  void unknownField_portNumberBesideName_meansPortNumber() {
    assertUnknown(
        ingress("defaultBackend:\n  service:\n    name: x\n    number: 80\n"),
        "spec.defaultBackend.service.number",
        "9:7",
        "`port.number`");
  }

  @Test
  void unknownField_rulesAtTheTop_meansSpecRules() {
    assertUnknown(
        Reading.of(
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: web
            rules: []
            """),
        "rules",
        "5:1",
        "`spec.rules`");
  }

  @Test
  void unknownField_specOfASlice_fieldsBelongOneLevelUp() {
    var manifests =
        Reading.of(
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata:
              name: web
            addressType: IPv4
            spec:
              endpoints: []
            """);
    assertUnknown(manifests, "spec", "6:1", "indent the fields below it less");
  }

  @Test
  void oldSpelling_inV1_fixShowsTheNewOne() {
    var manifests =
        ingress(
            """
            rules:
              - http:
                  paths:
                    - path: /
                      backend:
                        serviceName: shop
                        servicePort: 8080
            """);
    List<Verdict> verdicts = manifests.verdicts();
    assertEquals(2, verdicts.size());
    assertEquals("spec.rules[0].http.paths[0].backend.serviceName", verdicts.getFirst().field());
    assertTrue(
        verdicts.getFirst().fix().contains("service:\n  name: shop\n  port:\n    number: 8080"),
        verdicts.getFirst().fix());
  }

  @Test
  void unknownField_namesWithDots_inBrackets() {
    assertUnknown(ingress("example.com/field: x\n"), "spec[example.com/field]", "6:3", "remove it");
  }

  @Test
  void wrongType_quotedPortNumber_saysWithoutQuotes() {
    var manifests =
        ingress("defaultBackend:\n  service:\n    name: x\n    port:\n      number: \"8080\"\n");
    assertRefused(
        manifests,
        "spec.defaultBackend.service.port.number",
        "10:17",
        "is a string; a port number is written without quotes",
        "for a port's name use `name`");
  }

  @Test
  void wrongType_portNameAsNumber_saysName() {
    assertRefused(
        ingress("defaultBackend:\n  service:\n    name: x\n    port:\n      number: http\n"),
        "spec.defaultBackend.service.port.number",
        "10:17",
        "is a string",
        "`name: http`");
  }

  @Test
  void wrongType_numberForPortName_saysNumber() {
    assertRefused(
        ingress("defaultBackend:\n  service:\n    name: x\n    port:\n      name: 80\n"),
        "spec.defaultBackend.service.port.name",
        "10:15",
        "is a number",
        "`number: 80`");
  }

  @Test
  void wrongType_numberForPort_showsTheMapping() {
    assertRefused(
        ingress("defaultBackend:\n  service:\n    name: x\n    port: 80\n"),
        "spec.defaultBackend.service.port",
        "9:13",
        "`port` is a number, but must be a mapping",
        "`port: {number: 80}`");
  }

  @Test
  void wrongType_stringForList_showsTheList() {
    assertRefused(
        ingress("tls:\n  - hosts: a.example.com\n"),
        "spec.tls[0].hosts",
        "7:14",
        "`hosts` is a string, but must be a list",
        "`hosts: [\"a.example.com\"]`");
  }

  @Test
  void wrongType_mappingForList_showsTheDash() {
    assertRefused(
        ingress("rules:\n  host: a.example.com\n"),
        "spec.rules",
        "7:5",
        "must be a list",
        "`- host: …`");
  }

  @ParameterizedTest
  @CsvSource({"true,a boolean", "8,a number", "yes,a boolean", "1.5,a number", "[],a list"})
  void wrongType_annotation_mustBeAString(String value, String noun) {
    assertRefused(
        Reading.of(
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: web
              annotations:
                example.com/key: %s
            """
                .formatted(value)),
        "metadata.annotations[example.com/key]",
        "6:22",
        "`example.com/key` is " + noun,
        "");
  }

  @Test
  void wrongType_ofOneObject_othersStay() {
    var manifests =
        Reading.of(Reading.ingress("a", "[]") + "---\n" + Reading.ingress("b", "b.example.com"));
    assertEquals(List.of("Ingress default/b"), Reading.names(manifests));
    assertEquals(
        ObjectRef.ingress("default", "a"), Reading.only(manifests, Reason.InvalidValue).object());
  }

  @Test
  void emptyListElement_refused() {
    assertRefused(ingress("rules:\n  -\n"), "spec.rules[0]", "7:6", "empty element", "remove it");
  }

  @Test
  void values_thatKubernetesReads_accepted() {
    var manifests =
        Reading.of(
            """
            apiVersion: v1
            kind: Service
            metadata:
              name: web
              creationTimestamp: null
              labels:
                empty:
            spec:
              ports:
                - {port: 0x50, targetPort: http, name: a}
                - {port: 8080.0, targetPort: 80, name: b}
              publishNotReadyAddresses: yes
              selector: &labels
                app: web
              clusterIP: "None"
            """);
    assertEquals(List.of(), manifests.verdicts());
    var service = (io.fabric8.kubernetes.api.model.Service) manifests.objects().getFirst().model();
    assertEquals(80, service.getSpec().getPorts().getFirst().getPort());
    assertEquals("http", service.getSpec().getPorts().getFirst().getTargetPort().getStrVal());
    assertEquals(8080, service.getSpec().getPorts().get(1).getPort());
    assertEquals(80, service.getSpec().getPorts().get(1).getTargetPort().getIntVal());
    assertTrue(service.getSpec().getPublishNotReadyAddresses());
    assertEquals("", service.getMetadata().getLabels().get("empty"));
  }

  @ParameterizedTest
  @CsvSource({"0", "65536", "-1"})
  void servicePort_outOfRange_refused(int port) {
    assertRefused(
        Reading.of(Reading.service("web", port)),
        "spec.ports[0].port",
        "7:13",
        port + " is not a port",
        "1 to 65535");
  }

  @Test
  void servicePort_tooLargeForAnInteger_refused() {
    assertRefused(
        Reading.of(Reading.service("web", 8).replace("8", "99999999999")),
        "spec.ports[0].port",
        "7:13",
        "too large",
        "smaller");
  }

  @Test
  void servicePort_missing_refused() {
    assertRefused(
        Reading.of(Reading.service("web", 8).replace("port: 8", "name: http")),
        "spec.ports[0].port",
        "7:7",
        "no number",
        "`port:`");
  }

  @Test
  void endpointSlice_misspeltAddressType_suggestsTheRightOne() {
    assertRefused(
        Reading.of(
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata:
              name: web
            addressType: ipv4
            """),
        "addressType",
        "5:14",
        "`ipv4`",
        "`IPv4`");
  }

  @Test
  void duplicateKey_refusesItsObjectAndNamesBothLines() {
    assertRefused(
        ingress("rules: []\nrules: []\n"), "spec", "7:3", "first at line 6", "remove one");
  }

  @Test
  void mergeKeysAndAliases_areResolved() {
    var manifests =
        ingress(
            """
            defaultBackend: &backend
              service: {name: web, port: {number: 80}}
            rules:
              - http:
                  paths:
                    - path: /
                      pathType: Prefix
                      backend:
                        <<: *backend
            """);
    assertEquals(List.of(), manifests.verdicts());
    var ingress = (Ingress) manifests.objects().getFirst().model();
    var path = ingress.getSpec().getRules().getFirst().getHttp().getPaths().getFirst();
    assertEquals("web", path.getBackend().getService().getName());
  }

  @Test
  void namesOfModelFields_coverStatusAndManagedFields() {
    var manifests =
        Reading.of(
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: web
              managedFields:
                - manager: kubectl
                  fieldsV1: {"f:spec": {}}
            status:
              loadBalancer:
                ingress:
                  - ip: 192.0.2.1
            """);
    assertEquals(List.of(), manifests.verdicts());
    assertFalse(manifests.objects().isEmpty());
  }
}
