package io.isoline.controlplane.lab;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What kube-proxy and cluster DNS are elsewhere, for the pods of a lab, which has neither: TCP on
 * the cluster IPs of Services, and names below {@code svc.cluster.local}.
 *
 * <p>A program that runs inside the network namespace of the lab, with its {@code KUBECONFIG}. It
 * goes on with the last it knows while the API server is away.
 */
final class ClusterNetwork implements ResourceEventHandler<Service> {

  private final SharedIndexInformer<Service> services;
  private final SharedIndexInformer<EndpointSlice> slices;
  private final AtomicInteger turn = new AtomicInteger();

  /** Open ports by "address:port". Only the thread of the informer is here. */
  private final Map<String, ServerSocket> open = new HashMap<>();

  private ClusterNetwork(KubernetesClient client) {
    services = client.services().inAnyNamespace().runnableInformer(0);
    slices = client.discovery().v1().endpointSlices().inAnyNamespace().runnableInformer(0);
  }

  /** Runs until it is killed. */
  public static void main(String[] arguments) throws Exception {
    KubernetesClient client = new KubernetesClientBuilder().build();
    ClusterNetwork network = new ClusterNetwork(client);
    network.slices.start().toCompletableFuture().get();
    network.services.addEventHandler(network);
    network.services.start().toCompletableFuture().get();
    ClusterDns dns = ClusterDns.open(network::addresses);
    Thread.ofPlatform().name("dns").start(dns::serve);
    System.out.println("cluster network is up");
    new CountDownLatch(1).await();
  }

  @Override
  public void onAdd(Service service) {
    open(service);
  }

  @Override
  public void onUpdate(Service before, Service after) {
    open(after);
    close(before, ports(after));
  }

  @Override
  public void onDelete(Service service, boolean unknown) {
    close(service, Set.of());
  }

  private static Set<String> ports(Service service) {
    Set<String> ports = new HashSet<>();
    String address = service.getSpec().getClusterIP();
    if (hasClusterIp(service)) {
      service.getSpec().getPorts().forEach(port -> ports.add(address + ":" + port.getPort()));
    }
    return ports;
  }

  private static boolean hasClusterIp(Service service) {
    String address = service.getSpec().getClusterIP();
    return address != null && !address.isEmpty() && !address.equals("None");
  }

  private void open(Service service) {
    if (!hasClusterIp(service)) {
      return;
    }
    for (ServicePort port : service.getSpec().getPorts()) {
      String key = service.getSpec().getClusterIP() + ":" + port.getPort();
      if (!"UDP".equals(port.getProtocol()) && !open.containsKey(key)) {
        try {
          ServerSocket server =
              new ServerSocket(
                  port.getPort(), 50, InetAddress.getByName(service.getSpec().getClusterIP()));
          open.put(key, server);
          String name = service.getMetadata().getName();
          String namespace = service.getMetadata().getNamespace();
          String portName = Objects.requireNonNullElse(port.getName(), "");
          Thread.ofVirtual().start(() -> accept(server, namespace, name, portName));
        } catch (IOException e) {
          System.out.println(key + ": " + e);
        }
      }
    }
  }

  private void close(Service service, Set<String> except) {
    for (String key : ports(service)) {
      if (!except.contains(key)) {
        ServerSocket server = open.remove(key);
        if (server != null) {
          try {
            server.close();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      }
    }
  }

  private void accept(ServerSocket server, String namespace, String service, String port) {
    while (true) {
      try {
        Socket client = server.accept();
        Thread.ofVirtual().start(() -> join(client, endpoints(namespace, service, port)));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void join(Socket client, List<InetSocketAddress> endpoints) {
    try (client;
        Socket server = connect(endpoints)) {
      if (server != null) {
        Thread back = Thread.ofVirtual().start(() -> pass(server, client));
        pass(client, server);
        back.join();
      }
    } catch (IOException e) {
      // Both are closed.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable Socket connect(List<InetSocketAddress> endpoints) {
    for (int i = 0; i < endpoints.size(); i++) {
      Socket socket = new Socket();
      try {
        socket.connect(
            endpoints.get(Math.floorMod(turn.getAndIncrement(), endpoints.size())), 2000);
        return socket;
      } catch (IOException e) {
        // The next one.
      }
    }
    return null;
  }

  /** Passes bytes on until their end, and then the end. */
  private static void pass(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      try {
        from.close();
        to.close();
      } catch (IOException e2) {
        // They are closed.
      }
    }
  }

  private List<EndpointSlice> slices(String namespace, String service) {
    return slices.getStore().list().stream()
        .filter(slice -> namespace.equals(slice.getMetadata().getNamespace()))
        .filter(
            slice ->
                slice.getMetadata().getLabels() != null
                    && service.equals(
                        slice.getMetadata().getLabels().get("kubernetes.io/service-name")))
        .toList();
  }

  private static boolean isReady(Endpoint endpoint) {
    return endpoint.getConditions() == null
        || !Boolean.FALSE.equals(endpoint.getConditions().getReady());
  }

  private List<InetSocketAddress> endpoints(String namespace, String service, String port) {
    List<InetSocketAddress> found = new ArrayList<>();
    for (EndpointSlice slice : slices(namespace, service)) {
      for (EndpointPort candidate : slice.getPorts()) {
        if (port.equals(Objects.requireNonNullElse(candidate.getName(), ""))) {
          slice.getEndpoints().stream()
              .filter(ClusterNetwork::isReady)
              .forEach(
                  endpoint ->
                      found.add(
                          new InetSocketAddress(
                              endpoint.getAddresses().getFirst(), candidate.getPort())));
        }
      }
    }
    return found;
  }

  /** The addresses behind a Service's name, or null when there is no such Service. */
  private @Nullable List<String> addresses(String namespace, String name) {
    Service service = services.getStore().getByKey(namespace + "/" + name);
    if (service == null) {
      return null;
    }
    if (hasClusterIp(service)) {
      return List.of(service.getSpec().getClusterIP());
    }
    boolean all = Boolean.TRUE.equals(service.getSpec().getPublishNotReadyAddresses());
    return slices(namespace, name).stream()
        .flatMap(slice -> slice.getEndpoints().stream())
        .filter(endpoint -> all || isReady(endpoint))
        .flatMap(endpoint -> endpoint.getAddresses().stream())
        .distinct()
        .toList();
  }
}
