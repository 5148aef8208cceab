package io.isoline.controlplane.status;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.isoline.controlplane.kubernetes.ObjectIdentity.PublishedAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the addresses of one Service. It has a watch of its own, as the Service may be in a
 * namespace whose Ingresses are not ours.
 */
final class ServiceAddresses implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ServiceAddresses.class);

  private final String path;
  private final Consumer<List<PublishedAddress>> changed;
  private final Complaint unreadable = new Complaint(log);
  private final SharedIndexInformer<Service> informer;
  @GuardedBy("this")
  private @Nullable List<PublishedAddress> last;

  private ServiceAddresses(
      KubernetesClient client,
      String namespace,
      String name,
      Consumer<List<PublishedAddress>> changed) {
    this.path = namespace + "/" + name;
    this.changed = changed;
    this.informer = client.services().inNamespace(namespace).withName(name).runnableInformer(0);
  }

  /**
   * Watches a Service until it is closed, whatever happens to the API server.
   *
   * @param changed is told the addresses when they are known first, and each time when they are
   *     others; by threads of the client, one at a time
   */
  static ServiceAddresses watch(
      KubernetesClient client,
      String namespace,
      String name,
      Consumer<List<PublishedAddress>> changed) {
    ServiceAddresses addresses = new ServiceAddresses(client, namespace, name, changed);
    addresses.informer.exceptionHandler((started, error) -> addresses.failed(error));
    addresses.informer.addEventHandler(addresses.new Changes());
    var _ = addresses.informer.start();
    return addresses;
  }

  @Override
  public void close() {
    informer.close();
  }

  /**
   * What clients outside of the cluster reach a Service by: what its load balancer was given, then
   * {@code spec.externalIPs}; for an ExternalName its name. A cluster IP is no such address.
   */
  static List<PublishedAddress> of(@Nullable Service service) {
    Set<PublishedAddress> addresses = new LinkedHashSet<>();
    if (service != null
        && service.getStatus() != null
        && service.getStatus().getLoadBalancer() != null) {
      for (LoadBalancerIngress each : service.getStatus().getLoadBalancer().getIngress()) {
        String ip = orNull(each.getIp());
        String hostname = orNull(each.getHostname());
        if (ip != null || hostname != null) {
          addresses.add(new PublishedAddress(ip, hostname));
        }
      }
    }
    if (service != null && service.getSpec() != null) {
      service.getSpec().getExternalIPs().forEach(ip -> addresses.add(ofIp(ip)));
      String name = orNull(service.getSpec().getExternalName());
      if ("ExternalName".equals(service.getSpec().getType()) && name != null) {
        addresses.add(new PublishedAddress(null, name));
      }
    }
    return List.copyOf(addresses);
  }

  private static PublishedAddress ofIp(String ip) {
    return new PublishedAddress(ip, null);
  }

  private static @Nullable String orNull(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  private boolean failed(Throwable error) {
    String words = error.getMessage();
    if (error instanceof KubernetesClientException api) {
      words =
          (api.getCode() == 403 ? "the role needs the verbs get, list and watch on it: " : "")
              + KubernetesStatusApi.words(api);
    }
    unreadable.raise(
        "--publish-service: Service " + path + " cannot be watched, tried again: " + words);
    return true;
  }

  private synchronized void take(@Nullable Service service) {
    List<PublishedAddress> now = of(service);
    if (now.equals(last)) {
      return;
    }
    last = now;
    if (service == null) {
      log.warn(
          "--publish-service: there is no Service {}; Ingresses get no address until it is there",
          path);
    } else if (now.isEmpty()) {
      log.warn(
          "--publish-service: Service {} has no address yet (status.loadBalancer.ingress and"
              + " spec.externalIPs are empty); Ingresses get none. Where no load balancer gives"
              + " one, use --publish-status-address",
          path);
    } else {
      log.info("--publish-service: Ingresses get the addresses of Service {}: {}", path, text(now));
    }
    changed.accept(now);
  }

  /** For people. */
  static String text(List<PublishedAddress> addresses) {
    return String.join(
        ", ",
        addresses.stream()
            .map(
                address ->
                    address.ip() == null
                        ? String.valueOf(address.hostname())
                        : address.hostname() == null
                            ? address.ip()
                            : address.hostname() + " (" + address.ip() + ")")
            .toList());
  }

  private final class Changes implements ResourceEventHandler<Service> {
    @Override
    public void onAdd(Service service) {
      take(service);
    }

    @Override
    public void onUpdate(Service before, Service service) {
      take(service);
    }

    @Override
    public void onDelete(Service service, boolean unknown) {
      take(null);
    }

    @Override
    public void onList(String resourceVersion, boolean remainedEmpty) {
      unreadable.settle("--publish-service: Service " + path + " is watched again");
      if (remainedEmpty) {
        take(null);
      }
    }
  }
}
