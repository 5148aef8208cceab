package io.isoline.controlplane.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** K3s in a container; {@code kubectl} is that of the image. */
final class K3sCluster extends Cluster {

  private static final String IMAGE = "rancher/k3s:v1.36.1-k3s1";
  private static final int API_PORT = 6443;

  private final GenericContainer<?> container;

  private K3sCluster(GenericContainer<?> container, Path kubeconfig) {
    super(kubeconfig);
    this.container = container;
  }

  static K3sCluster start() {
    @SuppressWarnings("resource") // closed with the cluster
    GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(IMAGE))
            .withPrivilegedMode(true)
            .withExposedPorts(API_PORT)
            .withCommand("server", "--disable=traefik,servicelb,metrics-server")
            .waitingFor(Wait.forLogMessage(".*Node controller sync successful.*", 1))
            .withStartupTimeout(Duration.ofMinutes(5));
    container.start();
    try {
      String url =
          "https://%s:%d".formatted(container.getHost(), container.getMappedPort(API_PORT));
      String access =
          container.copyFileFromContainer(
              "/etc/rancher/k3s/k3s.yaml",
              file -> new String(file.readAllBytes(), StandardCharsets.UTF_8));
      Path kubeconfig = Files.createTempFile("k3s-", ".yaml");
      Files.writeString(kubeconfig, access.replace("https://127.0.0.1:" + API_PORT, url));
      return new K3sCluster(container, kubeconfig);
    } catch (IOException e) {
      container.close();
      throw new UncheckedIOException(e);
    }
  }

  @Override
  List<String> kubectlCommand() {
    return List.of("docker", "exec", "--interactive", container.getContainerId(), "kubectl");
  }

  @Override
  public void close() {
    super.close();
    container.close();
    try {
      Files.deleteIfExists(kubeconfig());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return "K3s in Docker, " + IMAGE;
  }
}
