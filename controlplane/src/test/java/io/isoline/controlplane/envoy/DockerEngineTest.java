package io.isoline.controlplane.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DockerEngineTest {

  @Test
  void problem_nobodyListensOnTheSocket_namesIt(@TempDir Path directory) {
    Map<String, String> variables = Map.of("DOCKER_HOST", "unix://" + directory + "/none.sock");
    String problem = String.valueOf(DockerEngine.problem(variables, directory));
    assertTrue(problem.contains(directory + "/none.sock, and nobody answers there: "), problem);
  }

  @Test
  void unreachable_somebodyListens_isNot() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertNull(DockerEngine.unreachable("tcp://127.0.0.1:" + server.getLocalPort()));
    }
  }

  @Test
  void unreachable_portIsClosed_saysSo() {
    String unreachable =
        String.valueOf(DockerEngine.unreachable("tcp://127.0.0.1:" + Ports.free()));
    assertTrue(unreachable.endsWith("Connection refused"), unreachable);
  }

  @Test
  void reason_causeBehindAGeneralMessage_isSaidToo() {
    RuntimeException failure =
        new IllegalStateException(
            "Can't get the image of the cleaner",
            new IllegalStateException(new IllegalArgumentException("no such host")));
    assertEquals(
        "Can't get the image of the cleaner: java.lang.IllegalArgumentException: no such host:"
            + " no such host",
        DockerEngine.reason(failure));
  }
}
