package io.isoline.bench;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.isoline.translator.ResourceType;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Times the start of the distribution up to the first answer to an Envoy, with and without AOT. */
final class StartBench {

  private static final int ROUNDS = 7;

  private StartBench() {}

  static void print(Path distribution, PrintStream out) throws Exception {
    Path program = distribution.resolve("bin/isoline");
    if (!Files.isExecutable(program)) {
      out.println("no distribution, so the start is not measured; build it by: ./isoline version");
      return;
    }
    Path manifests = Files.createTempDirectory("isoline-bench");
    try {
      Files.writeString(
          manifests.resolve("ingress.yaml"),
          """
          apiVersion: networking.k8s.io/v1
          kind: Ingress
          metadata: {name: web}
          spec:
            ingressClassName: isoline
            defaultBackend: {service: {name: web, port: {number: 80}}}
          """);
      double with = median(program, manifests, "");
      double without = median(program, manifests, "-XX:AOTMode=off");
      out.printf(
          Locale.ROOT,
          "%nprocess start to first xDS response: %.0f ms with the AOT cache, %.0f ms without%n",
          with,
          without);
    } finally {
      Files.deleteIfExists(manifests.resolve("ingress.yaml"));
      Files.delete(manifests);
    }
  }

  private static double median(Path program, Path manifests, String javaOptions) throws Exception {
    double[] millis = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      millis[i] = once(program, manifests, javaOptions);
    }
    Arrays.sort(millis);
    return millis[ROUNDS / 2];
  }

  private static double once(Path program, Path manifests, String javaOptions) throws Exception {
    int port = Edge.freePort();
    ProcessBuilder builder =
        new ProcessBuilder(
                program.toString(), "serve", manifests.toString(), "--listen", "127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("ISOLINE_JAVA_OPTS", javaOptions);
    long start = System.nanoTime();
    Process process = builder.start();
    try {
      awaitListening(process, port);
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
      CountDownLatch answered = new CountDownLatch(1);
      StreamObserver<DeltaDiscoveryRequest> requests =
          AggregatedDiscoveryServiceGrpc.newStub(channel)
              .withWaitForReady()
              .deltaAggregatedResources(new FirstResponse(answered));
      requests.onNext(
          DeltaDiscoveryRequest.newBuilder()
              .setNode(Node.newBuilder().setId("bench"))
              .setTypeUrl(ResourceType.LISTENER.typeUrl())
              .build());
      if (!answered.await(20, TimeUnit.SECONDS)) {
        throw new IOException("no xDS response within 20 s");
      }
      double millis = (System.nanoTime() - start) / 1e6;
      channel.shutdownNow();
      return millis;
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  private static void awaitListening(Process process, int port) throws Exception {
    while (process.isAlive()) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        return;
      } catch (IOException e) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
    }
    throw new IOException("the program ended with exit code " + process.exitValue());
  }

  private record FirstResponse(CountDownLatch answered)
      implements StreamObserver<DeltaDiscoveryResponse> {
    @Override
    public void onNext(DeltaDiscoveryResponse response) {
      answered.countDown();
    }

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {}
  }
}
