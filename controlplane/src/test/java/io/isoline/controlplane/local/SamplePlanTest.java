package io.isoline.controlplane.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.manifest.ManifestReader;
import java.util.List;
import org.junit.jupiter.api.Test;

class SamplePlanTest {

  private static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        selector: {app: web}
        ports: [{port: 80}]
      """;

  @Test
  void noWorkload_twoPods() {
    assertEquals(List.of("web-1", "web-2"), plan(SERVICE).services().getFirst().pods());
  }

  @Test
  void deployment_itsReplicas() {
    assertEquals(
        List.of("blue-1", "blue-2", "blue-3"),
        plan(SERVICE, deployment("blue", "default", 3)).services().getFirst().pods());
  }

  @Test
  void deploymentScaledToZero_noPods() {
    assertEquals(
        List.of(), plan(SERVICE, deployment("blue", "default", 0)).services().getFirst().pods());
  }

  @Test
  void twoDeployments_thePodsOfBoth() {
    assertEquals(
        List.of("blue-1", "green-1"),
        plan(SERVICE, deployment("blue", "default", 1), deployment("green", "default", 1))
            .services()
            .getFirst()
            .pods());
  }

  @Test
  void deploymentOfAnotherNamespace_notCounted() {
    assertEquals(
        2, plan(SERVICE, deployment("blue", "other", 5)).services().getFirst().pods().size());
  }

  @Test
  void serviceWithSlice_none() {
    assertEquals(
        List.of(),
        plan(
                SERVICE,
                """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata:
                  name: web-1
                  labels: {kubernetes.io/service-name: web}
                addressType: IPv4
                ports: [{port: 80}]
                endpoints: [{addresses: [192.0.2.1]}]
                """)
            .services());
  }

  @Test
  void externalName_none() {
    SamplePlan plan =
        plan(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {type: ExternalName, externalName: example.com, ports: [{port: 80}]}
            """);
    assertEquals(List.of(), plan.services());
  }

  @Test
  void portOfAnotherProtocol_leftOutWithANote() {
    SamplePlan plan =
        plan(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              ports:
                - {name: http, port: 80, appProtocol: http}
                - {name: grpc, port: 90, appProtocol: grpc}
                - {name: dns, port: 53, protocol: UDP}
            """);
    assertEquals(1, plan.services().getFirst().ports().size());
    assertEquals(1, plan.notes().size());
    assertTrue(plan.notes().getFirst().contains("port 90 speaks grpc"), plan.notes().toString());
  }

  private static SamplePlan plan(String... documents) {
    return SamplePlan.of(
        new ManifestReader().readText("test.yaml", String.join("---\n", documents)));
  }

  private static String deployment(String name, String namespace, int replicas) {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: %s, namespace: %s}
    spec:
      replicas: %d
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: web, image: web}]}
    """
        .formatted(name, namespace, replicas);
  }
}
