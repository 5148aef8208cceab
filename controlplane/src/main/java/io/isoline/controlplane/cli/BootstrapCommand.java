package io.isoline.controlplane.cli;

import io.isoline.controlplane.options.XdsOptions;
import io.isoline.controlplane.terminal.Failure;
import io.isoline.controlplane.terminal.Terminal;
import io.isoline.envoy.Address;
import io.isoline.envoy.Bootstrap;
import io.isoline.envoy.BootstrapFiles;
import io.isoline.envoy.BootstrapOptions;
import io.isoline.envoy.Locality;
import io.isoline.envoy.XdsProtocol;
import io.isoline.envoy.XdsTls;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code isoline bootstrap}. */
@Command(
    name = "bootstrap",
    sortOptions = false,
    customSynopsis = "isoline bootstrap [OPTIONS]",
    optionListHeading = "%nOptions:%n",
    description = {
      "Prints the bootstrap configuration for an Envoy of this control plane.",
      "",
      "It joins Envoy to the control plane by one xDS stream, and protects it as the documentation"
          + " of Envoy recommends for a proxy at the edge."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  isoline bootstrap --xds isoline.isoline.svc:18000 >envoy.yaml",
      "  isoline bootstrap --xds 127.0.0.1:18000 --admin unix:/run/envoy/admin.sock \\",
      "    --stats 0.0.0.0:9902 --node-id edge-1",
      "  isoline bootstrap --out /run/isoline/envoy.yaml --xds isoline.isoline.svc:18000 \\",
      "    --xds-certificate /certs/tls.crt --xds-key /certs/tls.key --xds-ca /certs/ca.crt",
      "  envoy --config-path envoy.yaml"
    })
final class BootstrapCommand implements Callable<Integer> {

  private final Terminal terminal;
  @Mixin private final OutputOption output = new OutputOption();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = {
        "Write it here instead, whole or not at all and readable for everybody. The directory is made"
            + " when it does not exist."
      })
  private @Nullable Path out;

  @Option(
      names = "--xds",
      paramLabel = "ADDRESS",
      description =
          "The control plane: HOST:PORT, [IPV6]:PORT or unix:PATH; default: ${DEFAULT-VALUE}.")
  private String xds = XdsOptions.LISTEN;

  @Option(
      names = "--xds-certificate",
      paramLabel = "CRT",
      description = {
        "Connect with TLS: the file, where Envoy runs, with its certificate, a chain in PEM with the"
            + " DNS name isoline-envoy. Envoy reads it again when it changes. Needs --out, as two"
            + " small files go beside it."
      })
  private @Nullable Path xdsCertificate;

  @Option(
      names = "--xds-key",
      paramLabel = "KEY",
      description = "The key of --xds-certificate in PEM, in the same directory.")
  private @Nullable Path xdsKey;

  @Option(
      names = "--xds-ca",
      paramLabel = "CRT",
      description = {
        "CA certificates in PEM. The control plane needs a certificate of one of them, with the DNS"
            + " name isoline."
      })
  private @Nullable Path xdsAuthorities;

  @Option(
      names = "--admin",
      paramLabel = "ADDRESS",
      description =
          "Envoy's administration interface, on loopback or a socket; default: ${DEFAULT-VALUE}.")
  private String admin = "127.0.0.1:9901";

  @Option(
      names = "--stats",
      paramLabel = "ADDRESS",
      description = {
        "Answer GET /ready, GET /serving and GET /stats/prometheus here, for probes and Prometheus."
            + " While Envoy drains, it is not ready, and still serving."
      })
  private @Nullable String stats;

  @Option(
      names = "--node-id",
      paramLabel = "NAME",
      description =
          "Tells this Envoy from the others; default: $POD_NAME, else the name of the host.")
  private @Nullable String nodeId;

  @Option(
      names = "--node-cluster",
      paramLabel = "NAME",
      description = "The group of equal Envoys; default: ${DEFAULT-VALUE}.")
  private String nodeCluster = BootstrapOptions.DEFAULT_NODE_CLUSTER;

  @Option(
      names = "--locality",
      paramLabel = "REGION[/ZONE[/SUBZONE]]",
      description = "Where this Envoy runs; what is empty is not known.")
  private @Nullable String locality;

  @Option(
      names = "--max-heap-bytes",
      paramLabel = "BYTES",
      description =
          "Refuse requests near this size of the heap instead of being killed; default: nine tenths"
              + " of --memory-limit-bytes.")
  private @Nullable Long maxHeapBytes;

  @Option(
      names = "--memory-limit-bytes",
      paramLabel = "BYTES",
      description =
          "What Envoy's container may take, 0 for no limit; default: what this process may take.")
  private @Nullable Long memoryLimitBytes;

  @Option(
      names = "--max-connections",
      paramLabel = "COUNT",
      description = "Connections from clients at a time; default: ${DEFAULT-VALUE}.")
  private long maxConnections = BootstrapOptions.DEFAULT_MAX_DOWNSTREAM_CONNECTIONS;

  @Option(
      names = "--state-of-the-world",
      description = "Let each answer hold everything, instead of what changed.")
  private boolean stateOfTheWorld;

  BootstrapCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Failure {
    XdsTls tls = tls();
    Bootstrap bootstrap = Bootstrap.of(options(tls));
    String text =
        switch (output.orElse(OutputFormat.YAML)) {
          case TEXT, YAML -> bootstrap.toYaml();
          case JSON -> bootstrap.toJson();
        };
    if (out == null) {
      terminal.print(text.stripTrailing());
    } else {
      try {
        BootstrapFiles.write(out, text, tls);
      } catch (IOException e) {
        throw new Failure("--out: %s cannot be written: %s".formatted(out, reason(e)), e);
      }
    }
    return Main.OK;
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> "permission denied: " + denied.getFile();
      case FileAlreadyExistsException file -> file.getFile() + " is a file";
      default -> String.valueOf(e.getMessage());
    };
  }

  private @Nullable XdsTls tls() throws Failure {
    if (xdsCertificate == null && xdsKey == null && xdsAuthorities == null) {
      return null;
    }
    if (xdsCertificate == null || xdsKey == null || xdsAuthorities == null) {
      throw new Failure("--xds-certificate, --xds-key and --xds-ca need each other");
    }
    Path directory = out == null ? null : out.toAbsolutePath().getParent();
    if (directory == null) {
      throw new Failure(
          "--xds-certificate needs --out FILE: Envoy follows changes of certificates only by two"
              + " more files, which are written beside FILE");
    }
    try {
      return new XdsTls(xdsCertificate, xdsKey, xdsAuthorities, directory);
    } catch (IllegalArgumentException e) {
      throw new Failure("--xds-certificate: " + e.getMessage(), e);
    }
  }

  private OptionalLong heapLimit() throws Failure {
    if (maxHeapBytes != null) {
      return OptionalLong.of(maxHeapBytes);
    }
    if (memoryLimitBytes != null && memoryLimitBytes < 0) {
      throw new Failure("--memory-limit-bytes: expected 0 or more, not " + memoryLimitBytes);
    }
    OptionalLong limit =
        memoryLimitBytes == null
            ? MemoryLimit.ofThisProcess()
            : memoryLimitBytes == 0 ? OptionalLong.empty() : OptionalLong.of(memoryLimitBytes);
    return limit.isPresent()
        ? OptionalLong.of(MemoryLimit.heap(limit.getAsLong()))
        : OptionalLong.empty();
  }

  private BootstrapOptions options(@Nullable XdsTls tls) throws Failure {
    BootstrapOptions.Builder builder =
        BootstrapOptions.builder(address("--xds", xds), address("--admin", admin))
            .nodeId(nodeId == null ? hostName() : nodeId)
            .nodeCluster(nodeCluster)
            .xdsTls(tls)
            .maxDownstreamConnections(maxConnections)
            .protocol(stateOfTheWorld ? XdsProtocol.STATE_OF_THE_WORLD : XdsProtocol.DELTA);
    heapLimit().ifPresent(builder::maxHeapBytes);
    if (locality != null && !locality.replace("/", "").isBlank()) {
      String[] parts = locality.split("/", 3);
      builder.locality(
          new Locality(
              parts[0],
              parts.length > 1 ? parts[1] : "",
              parts.length > 2 ? parts[2] : ""));
    }
    if (stats != null) {
      if (!(address("--stats", stats) instanceof Address.Socket socket)) {
        throw new Failure("--stats: the listener needs an IP address and a port, not a socket");
      }
      builder.stats(socket);
    }
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new Failure(String.valueOf(e.getMessage()), e);
    }
  }

  private static Address address(String option, String text) throws Failure {
    try {
      return Address.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Failure(option + ": " + e.getMessage(), e);
    }
  }

  private String hostName() {
    return Stream.of("POD_NAME", "HOSTNAME")
        .map(name -> terminal.environment().getOrDefault(name, ""))
        .filter(value -> !value.isBlank())
        .findFirst()
        .orElse("envoy");
  }
}
