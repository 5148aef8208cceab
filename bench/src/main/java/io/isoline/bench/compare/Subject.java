package io.isoline.bench.compare;

import io.isoline.envoy.Address;
import io.isoline.envoy.EnvoyAdmin;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A control plane under test: how it is started, and how an Envoy joins it. All of it listens on an
 * address of its own.
 */
sealed interface Subject {

  int HTTP_PORT = 8080;
  int HTTPS_PORT = 8443;
  int XDS_PORT = 18000;
  int ADMIN_PORT = 8000;

  /** Also its ingress class. */
  String name();

  String address();

  /** The program that it is. */
  Path program();

  /** Writes what the command needs to the directory. */
  List<String> command(Path directory, String namespace) throws IOException;

  /** What its environment has besides. */
  default Map<String, String> environment() {
    return Map.of();
  }

  /** Prints nothing, and writes the bootstrap configuration of an Envoy to the file. */
  List<String> bootstrapCommand(Path file, Path adminSocket);

  /** What Envoy counts for the connection to the control plane begins with this. */
  String statistics();

  /** Whether it has read all objects and serves Envoys. */
  boolean isReady();

  /** The built distribution. */
  record Isoline(Path program) implements Subject {
    @Override
    public String name() {
      return "isoline";
    }

    @Override
    public String address() {
      return "127.96.0.10";
    }

    @Override
    public List<String> command(Path directory, String namespace) throws IOException {
      Path settings = directory.resolve("isoline.yaml");
      Files.writeString(
          settings, "http: {address: %s}%nhttps: {address: %s}%n".formatted(address(), address()));
      return List.of(
          program.toString(),
          "serve",
          "--class=" + name(),
          "--watch-namespace=" + namespace,
          "--listen=" + address() + ":" + XDS_PORT,
          "--admin=" + address() + ":" + ADMIN_PORT,
          "--no-leader-election",
          "--config=" + settings);
    }

    /** The memory of its chart: a limit of 1 GiB, of which the heap may take 70 percent. */
    @Override
    public Map<String, String> environment() {
      return Map.of("ISOLINE_JAVA_OPTS", "-XX:MaxRAM=1g -XX:MaxRAMPercentage=70");
    }

    @Override
    public List<String> bootstrapCommand(Path file, Path adminSocket) {
      return List.of(
          program.toString(),
          "bootstrap",
          "--out=" + file,
          "--xds=" + address() + ":" + XDS_PORT,
          "--admin=unix:" + adminSocket);
    }

    @Override
    public String statistics() {
      return "cluster.xds.";
    }

    @Override
    public boolean isReady() {
      try {
        return new EnvoyAdmin(new Address.Socket(address(), ADMIN_PORT)).get("/readyz").status()
            == 200;
      } catch (IOException e) {
        return false;
      }
    }
  }

  /** {@code contour serve}, as it is by default, but for what the lab asks for. */
  record Contour(Path program) implements Subject {
    @Override
    public String name() {
      return "contour";
    }

    @Override
    public String address() {
      return "127.96.0.20";
    }

    @Override
    public List<String> command(Path directory, String namespace) throws IOException {
      Path settings = directory.resolve("contour.yaml");
      // Isoline writes no access log unless it is asked for one.
      Files.writeString(settings, "accesslog-level: disabled\n");
      return List.of(
          program.toString(),
          "serve",
          "--kubeconfig=" + System.getenv("KUBECONFIG"),
          "--ingress-class-name=" + name(),
          "--watch-namespaces=" + namespace,
          "--xds-address=" + address(),
          "--xds-port=" + XDS_PORT,
          "--insecure",
          "--disable-leader-election",
          "--envoy-service-http-address=" + address(),
          "--envoy-service-http-port=" + HTTP_PORT,
          "--envoy-service-https-address=" + address(),
          "--envoy-service-https-port=" + HTTPS_PORT,
          "--stats-address=" + address(),
          "--stats-port=8002",
          "--http-address=" + address(),
          "--http-port=" + ADMIN_PORT,
          "--health-address=" + address(),
          "--health-port=" + ADMIN_PORT,
          "--debug-http-address=" + address(),
          "--debug-http-port=6060",
          "--config-path=" + settings);
    }

    @Override
    public List<String> bootstrapCommand(Path file, Path adminSocket) {
      return List.of(
          program.toString(),
          "bootstrap",
          file.toString(),
          "--xds-address=" + address(),
          "--xds-port=" + XDS_PORT,
          "--admin-address=" + adminSocket);
    }

    @Override
    public String statistics() {
      return "cluster.projectcontour_contour_" + XDS_PORT + ".";
    }

    /** It listens once it has translated all objects. */
    @Override
    public boolean isReady() {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(address(), XDS_PORT), 1_000);
        return true;
      } catch (IOException e) {
        return false;
      }
    }
  }
}
