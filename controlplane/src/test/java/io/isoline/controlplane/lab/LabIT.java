package io.isoline.controlplane.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.lab.Lab.Component;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** That the lab is what the other tests take it for. */
@WithLab
class LabIT {

  /** Two Envoys that listen on all addresses, in front of a Service that they know by its name. */
  private static final String ENVOYS =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: envoy
      data:
        envoy.yaml: |
          static_resources:
            listeners:
            - name: http
              address: { socket_address: { address: 0.0.0.0, port_value: 8080 } }
              filter_chains:
              - filters:
                - name: http
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                    stat_prefix: http
                    route_config:
                      response_headers_to_add:
                      - header: { key: x-pod, value: "%HOSTNAME%" }
                      virtual_hosts:
                      - name: all
                        domains: ["*"]
                        routes:
                        - match: { path: /ready }
                          direct_response: { status: 200 }
                        - match: { prefix: / }
                          route: { cluster: web }
                    http_filters:
                    - name: router
                      typed_config:
                        "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
            clusters:
            - name: web
              type: STRICT_DNS
              load_assignment:
                cluster_name: web
                endpoints:
                - lb_endpoints:
                  - endpoint:
                      address:
                        socket_address: { address: web.NAMESPACE.svc, port_value: 80 }
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: envoy
      spec:
        replicas: 2
        selector:
          matchLabels: { app: envoy }
        template:
          metadata:
            labels: { app: envoy }
          spec:
            securityContext: { runAsUser: 65532, runAsNonRoot: true }
            containers:
            - name: envoy
              image: envoyproxy/envoy:test
              args: ["-c", "/etc/envoy/envoy.yaml", "--disable-hot-restart", "--concurrency", "1"]
              ports:
              - containerPort: 8080
              readinessProbe:
                httpGet: { path: /ready, port: 8080 }
              securityContext:
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities: { drop: [ALL] }
              volumeMounts:
              - { name: config, mountPath: /etc/envoy, readOnly: true }
            volumes:
            - name: config
              configMap: { name: envoy }
      ---
      apiVersion: v1
      kind: Service
      metadata:
        name: envoy
      spec:
        type: LoadBalancer
        selector: { app: envoy }
        ports:
        - { port: 80, targetPort: 8080 }
      """;

  private static String loadBalancer(Lab lab, String namespace, String service) {
    return lab.kubectl(
        "get",
        "service",
        service,
        "-n",
        namespace,
        "-o=jsonpath={.status.loadBalancer.ingress[0].ip}");
  }

  @Test
  void envoyPods_listenOnAllAddresses_bothServeBehindTheirLoadBalancer(Lab lab) {
    lab.startNetwork();
    String namespace = lab.newNamespace();
    lab.kubectl("create", "deployment", "web", "-n", namespace, "--image=any", "--port=3000");
    lab.kubectl("expose", "deployment", "web", "-n", namespace, "--port=80", "--target-port=3000");
    lab.apply(namespace, ENVOYS.replace("NAMESPACE", namespace));
    lab.kubectl("rollout", "status", "-n", namespace, "--timeout=60s", "deployment/envoy");

    Set<String> pods = new TreeSet<>();
    Cluster.await(
        "answers of both pods, not just of " + pods,
        () -> {
          String answer =
              lab.tryExec("curl", "-sSi", "http://" + loadBalancer(lab, namespace, "envoy") + "/")
                  .text();
          if (answer.contains("\"service\"")) {
            answer.lines().filter(line -> line.startsWith("x-pod: ")).forEach(pods::add);
          }
          return pods.size() == 2;
        });
    assertTrue(pods.stream().allMatch(pod -> pod.startsWith("x-pod: envoy-")), pods.toString());
  }

  @Test
  void apiServer_killed_isBackWithAllObjects(Lab lab) {
    String namespace = lab.newNamespace();
    lab.kill(Component.KUBE_APISERVER);
    Cluster.await(
        "the API server is back",
        () -> lab.tryKubectl("get", "namespace", namespace).status() == 0);
  }

  @Test
  void process_terminated_endsByItsOwnMeans(Lab lab) {
    try (LabProcess process = lab.start(Map.of(), "sleep", "600")) {
      assertTrue(process.isAlive());
      process.terminate();
      assertEquals(128 + 15, process.exitStatus());
    }
  }
}
