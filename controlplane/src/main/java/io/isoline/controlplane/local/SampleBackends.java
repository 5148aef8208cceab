package io.isoline.controlplane.local;

import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.kube.EndpointSliceRecord;
import io.isoline.translator.kube.ServiceRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The pods of Services that have none: echo servers on 127.0.0.1, presented to the translation as
 * EndpointSlices. A slice gives all its endpoints the same port, and here each pod has its own, so
 * each pod has a slice. A pod keeps its ports as long as its Service wants it.
 *
 * <p>Safe for use by several threads; {@link #apply} does one call after the other.
 */
public final class SampleBackends implements AutoCloseable {

  /** How long a pod answers after it left its Service, as Envoy may not have heard of it. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final Map<ObjectRef, Pod> pods = new LinkedHashMap<>();
  private boolean closed;

  /** A pod: its slice, and the servers behind its ports by the ports' names. */
  private record Pod(EndpointSliceRecord slice, Map<String, EchoServer> servers) {
    void close() {
      servers.values().forEach(EchoServer::close);
    }
  }

  /**
   * What became of a wish for backends.
   *
   * @param changes of EndpointSlices, to be handed to the translation
   * @param problems pods that could not be started, in words for the user
   */
  public record Applied(List<Change> changes, List<String> problems) {
    public Applied {
      changes = List.copyOf(changes);
      problems = List.copyOf(problems);
    }
  }

  /** Starts and stops servers until there are just those that these Services want. */
  public synchronized Applied apply(Collection<SampleService> services) {
    List<Change> changes = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    if (closed) {
      return new Applied(changes, problems);
    }
    Map<ObjectRef, Pod> left = new HashMap<>(pods);
    for (SampleService service : services) {
      for (String name : service.pods()) {
        ObjectRef ref = slice(service.service(), name);
        Pod before = left.get(ref);
        try {
          Pod pod = start(service, name, ref, before);
          left.remove(ref);
          pods.put(ref, pod);
          if (before == null || !before.slice().equals(pod.slice())) {
            changes.add(new Change.Upsert(pod.slice()));
          }
        } catch (IOException e) {
          problems.add(
              "pod %s of %s cannot listen on 127.0.0.1: %s"
                  .formatted(name, service.service(), e.getMessage()));
        }
      }
    }
    left.forEach(
        (ref, pod) -> {
          pods.remove(ref);
          changes.add(new Change.Delete(ref));
          retire(pod.servers().values());
        });
    return new Applied(changes, problems);
  }

  /** How many pods there are. */
  public synchronized int size() {
    return pods.size();
  }

  private static ObjectRef slice(ObjectRef service, String pod) {
    // A pod's name has no slash, so that the slice is never one of a file.
    return ObjectRef.endpointSlice(service.namespace(), service.name() + "/" + pod);
  }

  private static Pod start(
      SampleService service, String name, ObjectRef ref, @Nullable Pod before)
      throws IOException {
    Map<String, EchoServer> old =
        before == null ? new HashMap<>() : new HashMap<>(before.servers());
    Map<String, EchoServer> servers = new LinkedHashMap<>();
    List<EchoServer> started = new ArrayList<>();
    try {
      for (ServiceRecord.Port port : service.ports()) {
        EchoServer server = old.remove(port.name());
        if (server == null) {
          server = EchoServer.start(service.service(), name);
          started.add(server);
        }
        servers.put(port.name(), server);
      }
    } catch (IOException e) {
      started.forEach(EchoServer::close);
      throw e;
    }
    retire(old.values());
    return new Pod(endpointSlice(service, ref, servers), servers);
  }

  private static EndpointSliceRecord endpointSlice(
      SampleService service, ObjectRef ref, Map<String, EchoServer> servers) {
    List<EndpointSliceRecord.Port> ports = new ArrayList<>();
    servers.forEach(
        (name, server) -> ports.add(new EndpointSliceRecord.Port(name, server.port(), "TCP")));
    EndpointSliceRecord.Endpoint endpoint =
        new EndpointSliceRecord.Endpoint(List.of("127.0.0.1"), true, true, false);
    return new EndpointSliceRecord(
        ref, service.service().name(), "IPv4", ports, List.of(endpoint));
  }

  private static void retire(Collection<EchoServer> servers) {
    if (servers.isEmpty()) {
      return;
    }
    List<EchoServer> retired = List.copyOf(servers);
    Thread.ofVirtual()
        .name("sample-backend-retirement")
        .start(
            () -> {
              try {
                Thread.sleep(GRACE);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              retired.forEach(EchoServer::close);
            });
  }

  /** Stops all at once. */
  @Override
  public synchronized void close() {
    closed = true;
    pods.values().forEach(Pod::close);
    pods.clear();
  }
}
