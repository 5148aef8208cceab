package io.isoline.controlplane.envoy;

import io.isoline.envoy.Address;
import io.isoline.envoy.Bootstrap;
import io.isoline.envoy.BootstrapOptions;
import io.isoline.envoy.EnvoyAdmin;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/**
 * An Envoy in a container that shares the network of this machine, so that control plane, backends
 * and clients of a test reach it, and it them, on loopback addresses.
 */
final class DockerEnvoy extends EnvoyUnderTest {

  /** The release that is also the one downloaded where there is no Docker engine. */
  static final String IMAGE = "envoyproxy/envoy:distroless-v1.40.0";

  private static final String BOOTSTRAP = "/etc/envoy/isoline.yaml";

  private final GenericContainer<?> container;
  private final EnvoyAdmin admin;

  DockerEnvoy(Wiring wiring) {
    Address.Socket address = new Address.Socket("127.0.0.1", Ports.free());
    String bootstrap =
        Bootstrap.of(
                BootstrapOptions.builder(wiring.xds(), address)
                    .protocol(wiring.protocol())
                    .nodeId(wiring.nodeId())
                    .build())
            .toYaml();
    admin = new EnvoyAdmin(address);
    container =
        new GenericContainer<>(DockerImageName.parse(IMAGE))
            .withNetworkMode("host")
            .withCopyToContainer(Transferable.of(bootstrap), BOOTSTRAP)
            .withCommand(
                "--config-path",
                BOOTSTRAP,
                "--disable-hot-restart",
                "--concurrency",
                "2",
                "--drain-time-s",
                "1")
            .withLogConsumer(frame -> frame.getUtf8String().lines().forEach(this::print));
    container.start();
    Await.until("Envoy in its container is ready: " + output(), this::isReady);
  }

  /** Why there can be no such Envoy; null when there can. */
  static @Nullable String problem() {
    return System.getProperty("os.name", "").startsWith("Linux")
        ? DockerEngine.problem()
        : "its containers do not share the network of this machine, as it is no Linux";
  }

  private boolean isReady() {
    try {
      return admin.get("/ready").status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  EnvoyAdmin admin() {
    return admin;
  }

  @Override
  public void close() {
    container.close();
  }
}
