package io.isoline.bench.compare;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPath;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPathBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * The objects of one subject: for each host an Ingress with one path, a Service with one endpoint,
 * and a Secret where each has a certificate of its own. Two echo pods answer for all of them: A,
 * and B, by which a change is seen.
 *
 * <p>Hosts from {@link #hosts} on have all of that but no Ingress yet; they are for the changes.
 */
final class Workload {

  /** The pods, by their names; their answers have these. */
  static final String POD_A = "echo-a";

  static final String POD_B = "echo-b";

  /** The path that is added, which leads to B. */
  static final String ADDED_PATH = "/added";

  private static final String DOMAIN = ".bench.test";
  private static final String WILDCARD = "wildcard";
  private static final int WRITERS = 16;
  private static final String PORT_NAME = "http";
  private static final int POD_PORT = 3000;

  private final KubernetesClient client;
  private final String ingressClass;
  private final Mode mode;
  private final int hosts;
  private final int spare;
  private final String namespace;

  /** Whether hosts were swapped an odd number of times. */
  private final Map<Integer, Boolean> swapped = new ConcurrentHashMap<>();

  /** The addresses of the pods, from {@link #seed} on. */
  private String addressA = "";

  private String addressB = "";

  Workload(KubernetesClient client, String ingressClass, Mode mode, int hosts, int spare) {
    this.client = client;
    this.ingressClass = ingressClass;
    this.mode = mode;
    this.hosts = hosts;
    this.spare = spare;
    this.namespace = "bench-%s-%s-%d".formatted(ingressClass, mode, hosts);
  }

  String namespace() {
    return namespace;
  }

  Mode mode() {
    return mode;
  }

  int hosts() {
    return hosts;
  }

  static String host(int i) {
    return "h" + i + DOMAIN;
  }

  /** Writes all of it. */
  void seed() throws Exception {
    Namespace object =
        new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build();
    client.resource(object).create();
    addressA = startPod(POD_A);
    addressB = startPod(POD_B);
    client.resource(service(POD_A)).create();
    client.resource(slice(POD_A, addressA)).create();
    client.resource(service(POD_B)).create();
    client.resource(slice(POD_B, addressB)).create();
    if (mode == Mode.SHARED) {
      client.resource(secret(WILDCARD, LeafCertificate.of("*" + DOMAIN))).create();
    }
    inParallel(
        hosts + spare,
        i -> {
          client.resource(service("s" + i)).create();
          client.resource(slice("s" + i, podOf(i).equals(POD_A) ? addressA : addressB)).create();
          if (mode == Mode.TLS) {
            client.resource(secret("tls-" + i, LeafCertificate.of(host(i)))).create();
          }
          if (i < hosts) {
            create(i);
          }
        });
  }

  /** Removes what there is for each host, so that the API server has less to hold. */
  void remove() throws Exception {
    inParallel(
        hosts + spare,
        i -> {
          delete(i);
          client.resource(service("s" + i)).delete();
          client.resource(slice("s" + i, addressA)).delete();
          if (mode == Mode.TLS) {
            client.secrets().inNamespace(namespace).withName("tls-" + i).delete();
          }
        });
  }

  /** A new Ingress, to A. */
  void create(int i) {
    client.resource(ingress(i, path("/", "s" + i))).create();
  }

  void delete(int i) {
    client.resource(ingress(i)).delete();
  }

  /** The Ingress leads to the Service of a pod instead of its own. */
  void backend(int i, String pod) {
    client.resource(ingress(i, path("/", pod))).update();
  }

  /** The host leads to the Service of its neighbour, where the other pod answers, or back again. */
  void swap(int i) {
    swapped.compute(
        i,
        (host, old) -> {
          boolean now = old == null || !old;
          client.resource(ingress(i, path("/", "s" + (now ? i ^ 1 : i)))).update();
          return now;
        });
  }

  /** Who answers for a host, after {@link #swap}. */
  String pod(int i) {
    return podOf(Boolean.TRUE.equals(swapped.get(i)) ? i ^ 1 : i);
  }

  /** The pod of a host's own Service: by turns, and A for spare hosts. */
  private String podOf(int i) {
    return i < hosts && i % 2 == 1 ? POD_B : POD_A;
  }

  /** After {@link #backend} to A: one more path, to B. */
  void addPath(int i) {
    client.resource(ingress(i, path("/", POD_A), path(ADDED_PATH, POD_B))).update();
  }

  /** The host's own Service gets another pod. */
  void endpoint(int i, String pod) {
    client.resource(slice("s" + i, pod.equals(POD_A) ? addressA : addressB)).update();
  }

  /** Spare hosts are as they were at first. */
  void restore() {
    for (int i = hosts; i < hosts + spare; i++) {
      endpoint(i, POD_A);
    }
  }

  /** Replaces the certificate of the host, and returns the serial number of the new one. */
  BigInteger rotate(int i) {
    boolean shared = mode == Mode.SHARED;
    LeafCertificate certificate = LeafCertificate.of(shared ? "*" + DOMAIN : host(i));
    client.resource(secret(shared ? WILDCARD : "tls-" + i, certificate)).update();
    return certificate.serial();
  }

  private String startPod(String name) {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace(namespace)
            .withName(name)
            .endMetadata()
            .withNewSpec()
            .addNewContainer()
            .withName("echo")
            .withImage("lab/echo")
            .addNewPort()
            .withContainerPort(POD_PORT)
            .endPort()
            .endContainer()
            .endSpec()
            .build();
    client.resource(pod).create();
    return client
        .resource(pod)
        .waitUntilReady(1, TimeUnit.MINUTES)
        .getStatus()
        .getPodIP();
  }

  private Service service(String name) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .addNewPort()
        .withName(PORT_NAME)
        .withPort(80)
        .withNewTargetPort(POD_PORT)
        .endPort()
        .endSpec()
        .build();
  }

  private EndpointSlice slice(String service, String address) {
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(service)
        .addToLabels("kubernetes.io/service-name", service)
        .endMetadata()
        .withAddressType("IPv4")
        .addNewPort()
        .withName(PORT_NAME)
        .withPort(POD_PORT)
        .endPort()
        .addNewEndpoint()
        .withAddresses(address)
        .withNewConditions()
        .withReady(true)
        .endConditions()
        .endEndpoint()
        .build();
  }

  private Secret secret(String name, LeafCertificate certificate) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .endMetadata()
        .withType("kubernetes.io/tls")
        .withStringData(certificate.data())
        .build();
  }

  private static HTTPIngressPath path(String path, String service) {
    return new HTTPIngressPathBuilder()
        .withPath(path)
        .withPathType("Prefix")
        .withNewBackend()
        .withNewService()
        .withName(service)
        .withNewPort()
        .withName(PORT_NAME)
        .endPort()
        .endService()
        .endBackend()
        .build();
  }

  private Ingress ingress(int i, HTTPIngressPath... paths) {
    IngressBuilder ingress =
        new IngressBuilder()
            .withNewMetadata()
            .withNamespace(namespace)
            .withName("i" + i)
            .endMetadata()
            .withNewSpec()
            .withIngressClassName(ingressClass)
            .addNewRule()
            .withHost(host(i))
            .withNewHttp()
            .addToPaths(paths)
            .endHttp()
            .endRule()
            .endSpec();
    if (mode.isTls()) {
      ingress
          .editSpec()
          .addNewTl()
          .withHosts(host(i))
          .withSecretName(mode == Mode.SHARED ? WILDCARD : "tls-" + i)
          .endTl()
          .endSpec();
    }
    return ingress.build();
  }

  private static void inParallel(int count, IntConsumer task) throws Exception {
    try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int n = 0; n < count; n++) {
        int i = n;
        tasks.add(
            () -> {
              task.accept(i);
              return true;
            });
      }
      for (Future<Boolean> each :
          writers.invokeAll(tasks, Duration.ofMinutes(20).toSeconds(), TimeUnit.SECONDS)) {
        each.get();
      }
    }
  }
}
