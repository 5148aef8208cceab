package io.isoline.controlplane.status;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressStatus;
import io.isoline.controlplane.kubernetes.ObjectIdentity;
import io.isoline.controlplane.kubernetes.ObjectIdentity.PublishedAddress;
import io.isoline.controlplane.kubernetes.ObjectIndex;
import io.isoline.controlplane.status.StatusListener.Outcome;
import io.isoline.translator.ObjectRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An API server that remembers, with a watch that tells at once what is written, or only when it is
 * asked to.
 */
final class FakeApi implements StatusApi, ObjectIndex {

  /** Each request, in order. */
  final List<String> requests = new ArrayList<>();

  final Map<String, RecordedEvent> events = new LinkedHashMap<>();
  private final Map<ObjectRef, ObjectIdentity> stored = new LinkedHashMap<>();
  private final Map<ObjectRef, ObjectIdentity> watched = new LinkedHashMap<>();
  private @Nullable Answer failure;
  private boolean watchLags;
  private boolean unreadable;
  private int version;

  /** Makes an object, and tells of it. */
  void put(ObjectRef object, PublishedAddress... addresses) {
    put(object, false, addresses);
  }

  /** Has an object be one that is being deleted. */
  void terminate(ObjectRef object, PublishedAddress... addresses) {
    put(object, true, addresses);
  }

  private void put(ObjectRef object, boolean terminating, PublishedAddress... addresses) {
    ObjectIdentity identity =
        new ObjectIdentity(
            "v1", "uid-" + object.name(), "" + ++version, terminating, List.of(addresses));
    stored.put(object, identity);
    watched.put(object, identity);
  }

  void remove(ObjectRef object) {
    stored.remove(object);
    watched.remove(object);
  }

  /** From now on each write gets this answer; null for the true one. */
  void failWith(@Nullable Outcome outcome) {
    failure = outcome == null ? null : new Answer(outcome, "as the test wants it");
  }

  /** Whether the watch says nothing of what is written. */
  void lag(boolean lags) {
    watchLags = lags;
    if (!lags) {
      watched.putAll(stored);
    }
  }

  /** The events that there are cannot be read, in a way that nobody has thought of. */
  void hideEvents() {
    unreadable = true;
  }

  List<PublishedAddress> addresses(ObjectRef object) {
    ObjectIdentity identity = stored.get(object);
    return identity == null ? List.of() : identity.addresses();
  }

  @Override
  public @Nullable ObjectIdentity find(ObjectRef object) {
    return watched.get(object);
  }

  @Override
  public Answer applyStatus(StatusWrite write) {
    ObjectMeta metadata = write.object().getMetadata();
    ObjectRef ingress = ObjectRef.ingress(metadata.getNamespace(), metadata.getName());
    List<PublishedAddress> addresses = addresses(((Ingress) write.object()).getStatus());
    requests.add("status of " + ingress.name() + ": " + ServiceAddresses.text(addresses));
    if (failure != null) {
      return failure;
    }
    ObjectIdentity before = stored.get(ingress);
    if (before == null) {
      return new Answer(Outcome.GONE, "not found");
    }
    ObjectIdentity after =
        new ObjectIdentity(
            before.apiVersion(), before.uid(), "" + ++version, before.terminating(), addresses);
    stored.put(ingress, after);
    if (!watchLags) {
      watched.put(ingress, after);
    }
    return Answer.WRITTEN;
  }

  private static List<PublishedAddress> addresses(@Nullable IngressStatus status) {
    return status == null
        ? List.of()
        : status.getLoadBalancer().getIngress().stream()
            .map(entry -> new PublishedAddress(entry.getIp(), entry.getHostname()))
            .toList();
  }

  @Override
  public Answer create(RecordedEvent event) {
    requests.add("create: " + text(event));
    if (failure != null) {
      return failure;
    }
    events.put(event.name(), event);
    return Answer.WRITTEN;
  }

  @Override
  public Answer update(RecordedEvent event) {
    requests.add("update: " + text(event));
    if (failure != null) {
      return failure;
    }
    return events.replace(event.name(), event) == null
        ? new Answer(Outcome.GONE, "not found")
        : Answer.WRITTEN;
  }

  private static String text(RecordedEvent event) {
    return event.about().object().name()
        + " "
        + event.about().reason()
        + " x"
        + event.count()
        + " "
        + event.message();
  }

  @Override
  public List<RecordedEvent> recorded(Set<String> namespaces) {
    if (unreadable) {
      throw new IllegalStateException("as the test wants it");
    }
    return List.copyOf(events.values());
  }
}
