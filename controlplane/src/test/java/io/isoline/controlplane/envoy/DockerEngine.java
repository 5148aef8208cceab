package io.isoline.controlplane.envoy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.testcontainers.DockerClientFactory;

/** The Docker engine of this machine, if there is one. */
public final class DockerEngine {

  private DockerEngine() {}

  /**
   * Whether one answers. Asks Testcontainers only where an engine is configured, as it searches
   * long and logs much where there is none.
   */
  public static boolean answers() {
    boolean configured =
        System.getenv("DOCKER_HOST") != null
            || Files.exists(Path.of("/var/run/docker.sock"))
            || Files.exists(Path.of(System.getProperty("user.home"), ".testcontainers.properties"))
            || Files.exists(
                Path.of(
                    System.getenv().getOrDefault("XDG_RUNTIME_DIR", "/nonexistent"),
                    "docker.sock"));
    try {
      return configured && DockerClientFactory.instance().isDockerAvailable();
    } catch (RuntimeException | LinkageError e) {
      return false;
    }
  }
}
