package io.isoline.controlplane.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.isoline.translator.ResourceType;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in a root that has nothing but what the image has. */
class ImageIT {

  private static final Pattern PORT = Pattern.compile("serving on port ([0-9]+)");

  @TempDir private Path directory;
  private ImageRoot image;

  @BeforeEach
  void assemble() throws Exception {
    image = new ImageRoot(directory);
    image.volume(Chart.ROOT.resolve("examples/kuar"), "/manifests");
  }

  @Test
  void version_saysJustThat() throws Exception {
    Helm.Run run = image.run(Map.of(), "version");
    assertEquals(0, run.status(), run.out());
    assertTrue(run.out().matches("isoline .*\n"), run.out());
  }

  @Test
  void translate_printsResources() throws Exception {
    Helm.Run run = image.run(Map.of(), "translate", "-o", "text", "-f", "/manifests");
    assertTrue(run.out().contains("alpaca"), run.out());
  }

  /** Where the files lie, and how they got there, must not spoil the cache for a quick start. */
  @Test
  void aheadOfTimeCache_isUsed() throws Exception {
    Helm.Run run = image.run(Map.of("JDK_JAVA_OPTIONS", "-XX:AOTMode=on"), "version");
    assertEquals(0, run.status(), run.out());
  }

  @Test
  void root_cannotBeWrittenTo() throws Exception {
    Helm.Run run =
        image.run(Map.of(), "serve", "--state-directory", "/opt/state", "/manifests");
    assertEquals(2, run.status(), run.out());
    assertTrue(run.out().contains("/opt/state"), run.out());
  }

  @Test
  void serve_answersAsAnotherUser() throws Exception {
    Process process = image.start(Map.of(), "serve", "--listen", "127.0.0.1:0", "/manifests");
    try (BufferedReader output = process.inputReader()) {
      int port = awaitPort(output);
      assertTrue(users(process).contains("65532"), users(process));
      assertEquals("ingress", firstResource(port, ResourceType.ROUTE));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static int awaitPort(BufferedReader output) throws IOException {
    while (true) {
      String line = output.readLine();
      assertNotNull(line, "ended before it served");
      Matcher matcher = PORT.matcher(line);
      if (matcher.find()) {
        return Integer.parseInt(matcher.group(1));
      }
    }
  }

  /** How users inside are those outside, of the innermost process. */
  private static String users(Process process) throws Exception {
    ProcessHandle innermost = process.descendants().reduce((first, last) -> last).orElseThrow();
    return Files.readString(Path.of("/proc/" + innermost.pid() + "/uid_map"));
  }

  /** The name of the first resource of a type that an xDS server has. */
  private static String firstResource(int port, ResourceType type) throws InterruptedException {
    BlockingQueue<DeltaDiscoveryResponse> answers = new LinkedBlockingQueue<>();
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    try {
      AggregatedDiscoveryServiceGrpc.newStub(channel)
          .withWaitForReady()
          .deltaAggregatedResources(new Answers(answers))
          .onNext(
              DeltaDiscoveryRequest.newBuilder()
                  .setNode(Node.newBuilder().setId("test"))
                  .setTypeUrl(type.typeUrl())
                  .addResourceNamesSubscribe("*")
                  .build());
      DeltaDiscoveryResponse answer = answers.poll(60, TimeUnit.SECONDS);
      assertNotNull(answer, "no answer within a minute");
      return answer.getResources(0).getName();
    } finally {
      channel.shutdownNow();
    }
  }

  private record Answers(BlockingQueue<DeltaDiscoveryResponse> queue)
      implements StreamObserver<DeltaDiscoveryResponse> {

    @Override
    public void onNext(DeltaDiscoveryResponse answer) {
      queue.add(answer);
    }

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {}
  }
}
