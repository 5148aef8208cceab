package io.isoline.controlplane.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.isoline.controlplane.engine.ProgrammedIngress;
import io.isoline.controlplane.kubernetes.ObjectIdentity;
import io.isoline.controlplane.kubernetes.ObjectIdentity.PublishedAddress;
import io.isoline.controlplane.kubernetes.ObjectIndex;
import io.isoline.controlplane.lab.Cluster;
import io.isoline.controlplane.lab.WithLab;
import io.isoline.controlplane.replicas.ReplicaAddress;
import io.isoline.controlplane.status.RecordedEvent.Remark;
import io.isoline.controlplane.status.StatusListener.Outcome;
import io.isoline.controlplane.stream.StreamInfo;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.ingress.InForce;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is written, as a real API server takes it. */
@WithLab
final class StatusIT {

  private static final PublishedAddress ONE = new PublishedAddress("192.0.2.1", null);
  private static final PublishedAddress TWO = new PublishedAddress("192.0.2.2", "two.example.com");

  private final Cluster cluster;
  private final KubernetesClient client;
  private String namespace = "";
  private ObjectRef web = ObjectRef.ingress("", "");

  StatusIT(Cluster cluster) {
    this.cluster = cluster;
    this.client = cluster.client();
  }

  @BeforeEach
  void makeIngress() {
    namespace = cluster.newNamespace();
    web = ObjectRef.ingress(namespace, "web");
    cluster.kubectl(
        "create", "ingress", "web", "-n", namespace, "--class=it", "--rule=a.example/*=web:80");
  }

  @Test
  void reporter_ingressIsProgrammed_kubectlShowsItAll() {
    Verdict missing =
        new Verdict(
            web,
            "spec.rules[0].http.paths[0].backend",
            Verdict.Outcome.REFUSED,
            Reason.BackendNotFound,
            "Service " + namespace + "/web does not exist; requests get 503",
            "create it, or correct the name");
    StatusSettings settings =
        new StatusSettings(
            new Publication.Fixed(List.of(ONE)),
            new Election(namespace, "lease", "replica", "127.0.0.1"),
            "isoline.io/ingress-controller",
            null);
    try (StatusReporter reporter =
        StatusReporter.create(settings, client, index(), StatusListener.NONE)) {
      reporter.start(18000);
      Cluster.await("it leads", reporter::isLeader);
      reporter.connected(new StreamInfo(1, "", true, "envoy", "", ""));
      reporter.judged(Map.of(web, List.of(missing)));
      Cluster.await("the warning", () -> describe().contains("BackendNotFound"));
      assertEquals(List.of(), addresses());
      reporter.programmed(List.of(new ProgrammedIngress(web, "a", 1, 1, new InForce(1, 1))));
      Cluster.await("the address", () -> addresses().equals(List.of(ONE)));
      Cluster.await("the event", () -> describe().contains("Programmed"));
      String description = describe();
      assertTrue(
          description.contains(
              "spec.rules[0].http.paths[0].backend: Service "
                  + namespace
                  + "/web does not exist; requests get 503. Fix: create it, or correct the name"),
          description);
      assertTrue(description.contains("acknowledged by 1 of 1 Envoys"), description);
      assertEquals(
          "replica@127.0.0.1:18000",
          cluster.kubectl(
              "get", "lease", "lease", "-n", namespace, "-o=jsonpath={.spec.holderIdentity}"));
    }
    // It was given up: the next one need not wait for its end.
    assertEquals(
        "1",
        cluster.kubectl(
            "get", "lease", "lease", "-n", namespace, "-o=jsonpath={.spec.leaseDurationSeconds}"));
  }

  /** An Ingress moves from one Isoline to another, in whatever order the two see it. */
  @Test
  void applyStatus_clearedAfterAnotherWrote_leavesWhatIsTheOthers() {
    String mine = "isoline";
    String theirs = "isoline:example.com/other";
    assertWritten(write(mine, List.of(ONE)));
    assertWritten(write(theirs, List.of(TWO)));
    assertWritten(write(mine, List.of()));
    assertEquals(List.of(TWO), addresses());
    assertWritten(write(theirs, List.of()));
    assertEquals(List.of(), addresses());
  }

  @Test
  void applyStatus_clearedWhatIsOurs_isGone() {
    String mine = "isoline";
    assertWritten(write(mine, List.of(ONE, TWO)));
    assertEquals(List.of(ONE, TWO), addresses());
    assertWritten(write(mine, List.of()));
    assertEquals(List.of(), addresses());
  }

  /** As ingress-nginx and others write it. */
  @Test
  void applyStatus_clearedWhatAnUpdateWrote_leavesIt() {
    cluster.kubectl(
        "patch",
        "ingress",
        "web",
        "-n",
        namespace,
        "--subresource=status",
        "--type=merge",
        "-p={\"status\":{\"loadBalancer\":{\"ingress\":[{\"ip\":\"192.0.2.1\"}]}}}");
    assertWritten(write("isoline", List.of()));
    assertEquals(List.of(ONE), addresses());
  }

  @Test
  void applyStatus_notPossible_saysWhy() {
    StatusApi api = api();
    List<PublishedAddress> addresses = List.of(ONE);
    String otherUid = "00000000-0000-0000-0000-000000000000";
    assertOutcome(Outcome.CONFLICT, api.applyStatus(write("isoline", web, otherUid, addresses)));
    ObjectRef gone = ObjectRef.ingress(namespace, "gone");
    assertOutcome(Outcome.GONE, api.applyStatus(write("isoline", gone, uid(), addresses)));
    assertOutcome(
        Outcome.REFUSED,
        write("isoline", List.of(new PublishedAddress("no address", null))));
    try (KubernetesClient nobody =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder(client.getConfiguration())
                    .withImpersonateUsername("nobody")
                    .build())
            .build()) {
      StatusApi without = new KubernetesStatusApi(LeaseElection.quick(nobody), "replica");
      assertOutcome(
          Outcome.FORBIDDEN, without.applyStatus(write("isoline", web, uid(), addresses)));
      assertOutcome(Outcome.FORBIDDEN, without.create(event("e", 1)));
      assertEquals(List.of(), without.recorded(Set.of(namespace)));
    }
    assertEquals(List.of(), addresses());
  }

  @Test
  void events_madeAndCountedUp_areReadAgainAsTheyAre() {
    StatusApi api = api();
    assertWritten(api.create(event("web.1", 1)));
    assertWritten(api.update(event("web.1", 7)));
    assertOutcome(Outcome.GONE, api.update(event("web.2", 2)));
    assertEquals(
        List.of(event("web.1", 7)),
        api.recorded(Set.of(namespace)).stream()
            .filter(event -> event.namespace().equals(namespace))
            .toList());
    assertTrue(describe().contains("x7 over"), this::describe);
  }

  @Test
  void election_severalTakePart_oneLeadsAtATimeAndTheOthersKnowIt() {
    AtomicReference<@Nullable String> seen = new AtomicReference<>();
    LeaseElection first = elect("first", new AtomicReference<>());
    try (LeaseElection second = elect("second", seen)) {
      Cluster.await("one leads", () -> first.isLeader() || second.isLeader());
      LeaseElection leader = first.isLeader() ? first : second;
      Cluster.await("the other one knows", () -> seen.get() != null);
      assertTrue(leader.isLeader());
      assertFalse(first.isLeader() && second.isLeader());
      first.close();
      assertFalse(first.isLeader());
      Cluster.await("the other one leads", second::isLeader);
      Cluster.await("it knows", () -> "second@127.0.0.1:1".equals(seen.get()));
    } finally {
      first.close();
    }
  }

  @Test
  void serviceAddresses_theServiceChanges_follow() {
    List<List<PublishedAddress>> told = new CopyOnWriteArrayList<>();
    try (ServiceAddresses _ = ServiceAddresses.watch(client, namespace, "envoy", told::add)) {
      Cluster.await("it is not there", () -> told.equals(List.of(List.of())));
      cluster.kubectl(
          "create",
          "service",
          "externalname",
          "envoy",
          "-n",
          namespace,
          "--external-name=lb.example.com");
      PublishedAddress name = new PublishedAddress(null, "lb.example.com");
      Cluster.await("it is there", () -> told.getLast().equals(List.of(name)));
      cluster.kubectl("delete", "service", "envoy", "-n", namespace);
      Cluster.await("it is gone", () -> told.getLast().isEmpty());
      assertEquals(3, told.size());
    }
  }

  private LeaseElection elect(String name, AtomicReference<@Nullable String> seen) {
    return LeaseElection.start(
        LeaseElection.quick(client),
        namespace,
        "lease",
        new ReplicaAddress(name, "127.0.0.1", 1),
        seen::set);
  }

  private StatusApi api() {
    return new KubernetesStatusApi(LeaseElection.quick(client), "replica");
  }

  private Answer write(String fieldManager, List<PublishedAddress> addresses) {
    return api().applyStatus(write(fieldManager, web, uid(), addresses));
  }

  private static StatusWrite write(
      String fieldManager, ObjectRef ingress, String uid, List<PublishedAddress> addresses) {
    return new StatusWrite(
        IngressAddresses.withAddresses(ingress, uid, addresses), fieldManager, () -> {});
  }

  private ObjectIndex index() {
    return object -> {
      Ingress found = ingress();
      return new ObjectIdentity(
          found.getApiVersion(),
          found.getMetadata().getUid(),
          found.getMetadata().getResourceVersion(),
          found.getMetadata().getDeletionTimestamp() != null,
          addresses());
    };
  }

  private Ingress ingress() {
    return client.network().v1().ingresses().inNamespace(namespace).withName("web").require();
  }

  private String uid() {
    return ingress().getMetadata().getUid();
  }

  private List<PublishedAddress> addresses() {
    return ingress().getStatus().getLoadBalancer().getIngress().stream()
        .map(entry -> new PublishedAddress(entry.getIp(), entry.getHostname()))
        .toList();
  }

  private String describe() {
    return cluster.kubectl("describe", "ingress", "web", "-n", namespace);
  }

  private RecordedEvent event(String name, int count) {
    Remark about =
        new Remark(
            web, "networking.k8s.io/v1", uid(), "1", "spec", true, "Conflict", "it was first");
    Instant first = Instant.parse("2026-01-01T00:00:00Z");
    return new RecordedEvent(name, about, about.message(), count, first, first.plusSeconds(count));
  }

  private static void assertWritten(Answer answer) {
    assertOutcome(Outcome.WRITTEN, answer);
  }

  private static void assertOutcome(Outcome expected, Answer answer) {
    assertEquals(expected, answer.outcome(), answer::words);
  }
}
