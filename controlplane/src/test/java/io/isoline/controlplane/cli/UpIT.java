package io.isoline.controlplane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code isoline up} from the start to the end, as its user sees it. */
class UpIT {

  private static final Pattern PORT = Pattern.compile("http://127\\.0\\.0\\.1:([0-9]+)/");

  @TempDir private Path manifests;
  @TempDir private Path temporary;

  @BeforeEach
  void copy() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("../examples/kuar"))) {
      for (Path file : files.toList()) {
        Files.copy(file, manifests.resolve(file.getFileName()));
      }
    }
  }

  @Test
  void up_serves_followsEdits_andLeavesNothing() throws Exception {
    try (RunningProgram program = up()) {
      int port = port(program.await("Host: alpaca.example.com"));
      program.await("Watching");
      assertTrue(get(port, "alpaca.example.com", "/a?b").contains("\"service\" : \"alpaca\""));
      assertTrue(get(port, "kuar.example.com", "/bandicoot/").contains("\"bandicoot\""));
      assertTrue(get(port, "nobody.example.com", "/").contains("\"be-default\""));

      edit("host-ingress.yaml", "alpaca.example.com", "llama.example.com");
      assertTrue(
          program.await("changed Ingress default/host-ingress").contains("Envoy took it"));
      assertTrue(get(port, "llama.example.com", "/").contains("\"alpaca\""));
      assertTrue(get(port, "alpaca.example.com", "/").contains("\"be-default\""));

      edit("bandicoot.yaml", "replicas: 2", "replicas: 1");
      assertTrue(program.await("stopped 1 sample pod").contains("Envoy took it"));
      TreeSet<String> pods = new TreeSet<>();
      for (int i = 0; i < 4; i++) {
        pods.add(pod(get(port, "bandicoot.example.com", "/")));
      }
      assertEquals(1, pods.size(), pods.toString());

      edit("path-ingress.yaml", "name: bandicoot", "name: nobody");
      program.await("Service default/nobody does not exist");
      assertTrue(get(port, "kuar.example.com", "/bandicoot").startsWith("HTTP/1.1 503"));

      edit("path-ingress.yaml", "spec:", "spec");
      program.await("path-ingress.yaml:");
      assertTrue(get(port, "kuar.example.com", "/alpaca").startsWith("HTTP/1.1 200"));

      List<ProcessHandle> children = program.children();
      assertFalse(children.isEmpty());
      program.terminate();
      assertEquals(128 + 15, program.exitStatus());
      assertThrows(ConnectException.class, () -> get(port, "llama.example.com", "/"));
      for (ProcessHandle child : children) {
        child.onExit().get(60, TimeUnit.SECONDS);
      }
      try (Stream<Path> left = Files.list(temporary)) {
        assertEquals(List.of(), left.toList());
      }
    }
  }

  @Test
  void up_configurationFile_liveToo() throws Exception {
    Path configuration = temporary.resolveSibling(temporary.getFileName() + ".yaml");
    Files.writeString(configuration, "ingressClass:\n  withoutClass: false\n");
    try (RunningProgram program = up("--config", configuration.toString())) {
      int port = port(program.await("answers 404"));
      program.await("Watching");
      assertTrue(get(port, "alpaca.example.com", "/").startsWith("HTTP/1.1 404"));
      Files.writeString(configuration, "ingressClass:\n  withoutClass: true\n");
      assertTrue(program.await("changed the settings").contains("Envoy took it"));
      assertTrue(get(port, "alpaca.example.com", "/").startsWith("HTTP/1.1 200"));
      Files.writeString(configuration, "ingressClass:\n  withoutClas: true\n");
      program.await("withoutClas");
      assertTrue(get(port, "alpaca.example.com", "/").startsWith("HTTP/1.1 200"));
    } finally {
      Files.deleteIfExists(configuration);
    }
  }

  private RunningProgram up(String... more) throws IOException {
    String[] arguments =
        Stream.concat(
                Stream.of("up", "--http-port", "0", "--https-port", "0", manifests.toString()),
                Stream.of(more))
            .toArray(String[]::new);
    return RunningProgram.start(
        Map.of("ISOLINE_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary), arguments);
  }

  private void edit(String file, String from, String to) throws IOException {
    Path path = manifests.resolve(file);
    String text = Files.readString(path);
    assertTrue(text.contains(from), text);
    Files.writeString(path, text.replace(from, to));
  }

  private static int port(String line) {
    Matcher matcher = PORT.matcher(line.replaceFirst("(:[0-9]+) ", "$1/ "));
    assertTrue(matcher.find(), line);
    return Integer.parseInt(matcher.group(1));
  }

  private static String pod(String response) {
    Matcher matcher = Pattern.compile("\"pod\" : \"([^\"]+)\"").matcher(response);
    assertTrue(matcher.find(), response);
    return matcher.group(1);
  }

  private static String get(int port, String host, String target) throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    try (Socket socket = new Socket(loopback, port)) {
      String request =
          "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(target, host);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
