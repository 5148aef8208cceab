package io.isoline.controlplane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.isoline.translator.ResourceType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code isoline serve} as a process, asked by a client that speaks delta xDS. */
class ServeIT {

  private static final Pattern PORT = Pattern.compile("serving on port ([0-9]+)");

  @TempDir private Path directory;

  @Test
  void serve_startedAgain_hasTheSameVersions() throws Exception {
    Files.createDirectories(directory.resolve("manifests"));
    Files.copy(
        Path.of("../examples/kuar/host-ingress.yaml"),
        directory.resolve("manifests/host-ingress.yaml"));
    Map<String, String> first;
    try (RunningProgram program = serve()) {
      first = versions(port(program));
      program.terminate();
      assertEquals(128 + 15, program.exitStatus());
    }
    try (RunningProgram program = serve()) {
      assertEquals(first, versions(port(program)));
    }
    assertTrue(first.containsKey("SECRET default-certificate"), first.toString());
    assertTrue(first.containsKey("LISTENER https"), first.toString());
  }

  @Test
  void serve_edit_isSentToConnectedClients() throws Exception {
    Path ingress = Files.createDirectories(directory.resolve("manifests")).resolve("a.yaml");
    String text = Files.readString(Path.of("../examples/kuar/host-ingress.yaml"));
    Files.writeString(ingress, text);
    try (RunningProgram program = serve();
        Client client = new Client(port(program))) {
      client.ask(ResourceType.SCOPE, "*");
      assertTrue(names(client.answer()).contains("ingress/alpaca.example.com"));
      Files.writeString(ingress, text.replace("alpaca.example.com", "llama.example.com"));
      DeltaDiscoveryResponse added = client.answer();
      assertEquals(List.of("ingress/llama.example.com"), names(added));
      DeltaDiscoveryResponse removed =
          added.getRemovedResourcesCount() > 0 ? added : client.answer();
      assertEquals(
          List.of("ingress/alpaca.example.com"), List.copyOf(removed.getRemovedResourcesList()));
    }
  }

  private static List<String> names(DeltaDiscoveryResponse response) {
    return response.getResourcesList().stream().map(Resource::getName).toList();
  }

  private RunningProgram serve() throws Exception {
    return RunningProgram.start(
        Map.of(),
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--state-directory",
        directory.resolve("state").toString(),
        directory.resolve("manifests").toString());
  }

  private static int port(RunningProgram program) throws InterruptedException {
    Matcher matcher = PORT.matcher(program.await("serving on port"));
    assertTrue(matcher.find());
    return Integer.parseInt(matcher.group(1));
  }

  /** Names and versions of all that is served. */
  private static Map<String, String> versions(int port) throws Exception {
    Map<String, String> versions = new TreeMap<>();
    try (Client client = new Client(port)) {
      for (ResourceType type : ResourceType.values()) {
        client.ask(type, "*");
        for (Resource resource : client.answer().getResourcesList()) {
          versions.put(type + " " + resource.getName(), resource.getVersion());
        }
      }
    }
    return versions;
  }

  private static final class Client
      implements StreamObserver<DeltaDiscoveryResponse>, AutoCloseable {

    private final BlockingQueue<DeltaDiscoveryResponse> answers = new LinkedBlockingQueue<>();
    private final ManagedChannel channel;
    private final StreamObserver<DeltaDiscoveryRequest> requests;

    Client(int port) {
      channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
      requests =
          AggregatedDiscoveryServiceGrpc.newStub(channel)
              .withWaitForReady()
              .deltaAggregatedResources(this);
    }

    void ask(ResourceType type, String name) {
      requests.onNext(
          DeltaDiscoveryRequest.newBuilder()
              .setNode(Node.newBuilder().setId("test"))
              .setTypeUrl(type.typeUrl())
              .addResourceNamesSubscribe(name)
              .build());
    }

    /** The next answer, which is acknowledged. */
    DeltaDiscoveryResponse answer() throws InterruptedException {
      DeltaDiscoveryResponse answer = answers.poll(60, TimeUnit.SECONDS);
      if (answer == null) {
        throw new AssertionError("no answer within a minute");
      }
      requests.onNext(
          DeltaDiscoveryRequest.newBuilder()
              .setTypeUrl(answer.getTypeUrl())
              .setResponseNonce(answer.getNonce())
              .build());
      return answer;
    }

    @Override
    public void onNext(DeltaDiscoveryResponse answer) {
      answers.add(answer);
    }

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {}

    @Override
    public void close() {
      channel.shutdownNow();
    }
  }
}
