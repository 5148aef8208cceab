package io.isoline.controlplane.status;

import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressLoadBalancerIngress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressLoadBalancerIngressBuilder;
import io.isoline.controlplane.kubernetes.ObjectIdentity;
import io.isoline.controlplane.kubernetes.ObjectIdentity.PublishedAddress;
import io.isoline.controlplane.kubernetes.ObjectIndex;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rules for the status of Ingresses: which of them have our addresses. Owned by one thread. */
final class IngressAddresses implements StatusDecision {

  private static final Logger log = LoggerFactory.getLogger(IngressAddresses.class);

  private static final String DEFAULT_CONTROLLER = "isoline.io/ingress-controller";

  /** What we wrote, until the watch tells of it. */
  private record Written(String uid, String resourceVersion, List<PublishedAddress> addresses) {}

  private final ObjectIndex objects;
  private final Function<ObjectRef, Progress> progress;
  private final String fieldManager;

  private final Map<ObjectRef, Ownership> ownership = new HashMap<>();
  private final Map<ObjectRef, Written> written = new HashMap<>();
  private @Nullable List<PublishedAddress> wanted;
  private boolean reclaimed;

  /**
   * Knows no Ingress and no address yet.
   *
   * @param progress how far an Ingress has come
   * @param fieldManager who owns the addresses that are written
   */
  IngressAddresses(
      ObjectIndex objects, Function<ObjectRef, Progress> progress, String fieldManager) {
    this.objects = objects;
    this.progress = progress;
    this.fieldManager = fieldManager;
  }

  /**
   * Who owns the addresses that we write: another name for each controller, so that of two
   * installations neither clears what the other wrote.
   */
  static String fieldManager(String controller) {
    String name = controller.equals(DEFAULT_CONTROLLER) ? "isoline" : "isoline:" + controller;
    return name.length() <= 128 ? name : name.substring(0, 128);
  }

  /** Takes the verdicts of an Ingress; none when it is gone. */
  void judged(ObjectRef ingress, List<Verdict> verdicts) {
    if (verdicts.isEmpty()) {
      ownership.remove(ingress);
      written.remove(ingress);
    } else if (Verdict.isOurs(verdicts)) {
      ownership.put(ingress, Ownership.OURS);
    } else {
      ownership.merge(
          ingress,
          Ownership.OTHER,
          (before, now) -> before == Ownership.OURS ? Ownership.FORMER : before);
    }
  }

  /** Sets the addresses that Ingresses are to have. */
  void want(List<PublishedAddress> addresses) {
    wanted = List.copyOf(addresses);
  }

  @Override
  public void begin() {
    reclaimed = false;
  }

  @Override
  public Collection<ObjectRef> objects() {
    reclaim();
    return ownership.keySet();
  }

  /**
   * Finds, once in a term, the Ingresses that lost their class while nobody looked: they still have
   * our addresses.
   */
  private void reclaim() {
    if (reclaimed || wanted == null || wanted.isEmpty()) {
      return;
    }
    reclaimed = true;
    List<PublishedAddress> ours = wanted;
    ownership.replaceAll(
        (ingress, whose) -> {
          ObjectIdentity identity = objects.find(ingress);
          return whose == Ownership.OTHER
                  && identity != null
                  && AddressDecision.isSame(ours, present(ingress, identity))
              ? Ownership.FORMER
              : whose;
        });
  }

  @Override
  public @Nullable StatusWrite decide(ObjectRef ingress) {
    Ownership whose = ownership.get(ingress);
    ObjectIdentity identity = objects.find(ingress);
    if (whose == null || identity == null) {
      return null;
    }
    return switch (AddressDecision.of(
        whose, progress.apply(ingress), wanted, present(ingress, identity))) {
      case AddressDecision.Keep _ -> null;
      case AddressDecision.Clear _ -> write(ingress, identity, List.of());
      // What is being deleted gets no address any more.
      case AddressDecision.Write write ->
          identity.terminating() ? null : write(ingress, identity, write.addresses());
    };
  }

  private List<PublishedAddress> present(ObjectRef ingress, ObjectIdentity identity) {
    Written last = written.get(ingress);
    if (last != null
        && last.uid().equals(identity.uid())
        && last.resourceVersion().equals(identity.resourceVersion())) {
      return last.addresses();
    }
    written.remove(ingress);
    return identity.addresses();
  }

  private StatusWrite write(
      ObjectRef ingress, ObjectIdentity identity, List<PublishedAddress> addresses) {
    return new StatusWrite(
        withAddresses(ingress, identity.uid(), addresses),
        fieldManager,
        () -> written(ingress, identity, addresses));
  }

  private void written(
      ObjectRef ingress, ObjectIdentity identity, List<PublishedAddress> addresses) {
    log.debug("the status of {} has the addresses {}", ingress, addresses);
    if (ownership.containsKey(ingress)) {
      written.put(ingress, new Written(identity.uid(), identity.resourceVersion(), addresses));
      if (addresses.isEmpty()) {
        ownership.replace(ingress, Ownership.FORMER, Ownership.OTHER);
      }
    }
  }

  /**
   * Makes the object that, when applied, sets the addresses in the status of an Ingress, whoever
   * wrote others before. No address at all removes what we wrote, and leaves what others did.
   *
   * @param uid that of the Ingress that is meant; another one of the same name is a conflict
   */
  static Ingress withAddresses(ObjectRef ingress, String uid, List<PublishedAddress> addresses) {
    List<IngressLoadBalancerIngress> entries =
        addresses.stream()
            .map(
                address ->
                    new IngressLoadBalancerIngressBuilder()
                        .withIp(address.ip())
                        .withHostname(address.hostname())
                        .build())
            .toList();
    IngressBuilder builder =
        new IngressBuilder()
            .withNewMetadata()
            .withNamespace(ingress.namespace())
            .withName(ingress.name())
            .withUid(uid)
            .endMetadata();
    return entries.isEmpty()
        ? builder.build()
        : builder
            .withNewStatus()
            .withNewLoadBalancer()
            .withIngress(entries)
            .endLoadBalancer()
            .endStatus()
            .build();
  }

  @Override
  public String inWords() {
    return "Ingresses";
  }

  @Override
  public String resource() {
    return "ingresses/status in the group networking.k8s.io";
  }
}
