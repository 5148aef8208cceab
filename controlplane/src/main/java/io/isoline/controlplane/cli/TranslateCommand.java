package io.isoline.controlplane.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.isoline.controlplane.offline.EnvoyText;
import io.isoline.controlplane.offline.OfflineTranslation;
import io.isoline.controlplane.offline.StaticBootstrap;
import io.isoline.controlplane.offline.VerdictReport;
import io.isoline.controlplane.options.ManifestOptions;
import io.isoline.controlplane.options.SettingsOptions;
import io.isoline.controlplane.terminal.Failure;
import io.isoline.controlplane.terminal.Terminal;
import io.isoline.controlplane.terminal.Words;
import io.isoline.envoy.EnvoyBinary;
import io.isoline.envoy.EnvoyException;
import io.isoline.envoy.EnvoyProcess;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import io.isoline.translator.Verdict;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code isoline translate}. */
@Command(
    name = "translate",
    sortOptions = false,
    customSynopsis = "isoline translate [OPTIONS] [-f] PATH...",
    parameterListHeading = "%nManifests:%n",
    optionListHeading = "%nOptions:%n",
    description = {
      "Prints the Envoy resources that manifests become. Needs no cluster and no Envoy.",
      "",
      "What should be looked at in the manifests goes to standard error, and makes the exit status"
          + " 1. Private keys are left out."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  isoline translate -f examples/kuar",
      "  isoline translate -o text -f examples/kuar        names and versions only",
      "  isoline translate --validate -f examples/kuar     let a real Envoy check them, too"
    })
final class TranslateCommand implements Callable<Integer> {

  private static final Duration VALIDATION_LIMIT = Duration.ofMinutes(1);

  private final Terminal terminal;
  @Mixin private final ManifestOptions files = new ManifestOptions();
  @Mixin private final OutputOption output = new OutputOption();
  @Mixin private final FindingOptions findings = new FindingOptions();

  @Option(names = "--validate", description = "Ask an Envoy whether it would take all of them.")
  private boolean validate;

  @Option(
      names = "--envoy",
      paramLabel = "PATH",
      description =
          "The Envoy for --validate. Default: $ISOLINE_ENVOY, else envoy on the PATH, else a"
              + " downloaded one.")
  private @Nullable Path envoy;

  @ArgGroup(validate = false, heading = "%nWhat the operator chooses:%n")
  private final SettingsOptions settings = new SettingsOptions();

  TranslateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call()
      throws Failure, EnvoyException, InterruptedException, InvalidProtocolBufferException {
    OfflineTranslation translation =
        OfflineTranslation.of(
            files.paths(), settings, findings.strict(), Clock.systemUTC(), terminal);
    List<Resource> resources = translation.resources();
    switch (output.orElse(OutputFormat.YAML)) {
      case TEXT ->
          resources.forEach(
              resource ->
                  terminal.print(
                      "%-8s %s %s"
                          .formatted(resource.type(), resource.version(), resource.name())));
      case YAML -> terminal.print(Documents.yaml(tree(resources, settings.selfSignedChain())));
      case JSON -> terminal.print(Documents.json(tree(resources, settings.selfSignedChain())));
    }
    VerdictReport report = new VerdictReport(terminal, translation.manifests().sources());
    List<Verdict> heeded = findings.heeded(translation.verdicts());
    for (Verdict verdict : report.sorted(heeded)) {
      if (verdict.isFinding()) {
        report.lines(verdict).forEach(terminal::report);
      }
    }
    boolean taken = !validate || envoyTakes(resources);
    return taken ? findings.status(heeded) : Main.FINDINGS;
  }

  private static Map<String, List<JsonNode>> tree(
      List<Resource> resources, @Nullable ByteString selfSigned)
      throws InvalidProtocolBufferException {
    EnvoyText text = new EnvoyText();
    Map<String, List<JsonNode>> tree = new LinkedHashMap<>();
    for (ResourceType type : ResourceType.values()) {
      List<JsonNode> ofType = new ArrayList<>();
      for (Resource resource : resources) {
        if (resource.type() == type) {
          Any body = resource.body();
          ofType.add(text.tree(shown(text.unpack(body), selfSigned)));
        }
      }
      tree.put(heading(type), ofType);
    }
    return tree;
  }

  /** Replaces secrets, and what differs at each start, by a word. */
  private static Message shown(Message message, @Nullable ByteString selfSigned)
      throws InvalidProtocolBufferException {
    return switch (message) {
      case Secret secret when secret.getTlsCertificate().hasPrivateKey() ->
          shown(secret, selfSigned);
      case Cluster cluster
          when cluster.getTransportSocket().getTypedConfig().is(UpstreamTlsContext.class) ->
          shown(cluster);
      default -> message;
    };
  }

  private static Cluster shown(Cluster cluster) throws InvalidProtocolBufferException {
    UpstreamTlsContext.Builder tls =
        cluster
            .getTransportSocket()
            .getTypedConfig()
            .unpack(UpstreamTlsContext.class)
            .toBuilder();
    tls.getCommonTlsContextBuilder()
        .getTlsCertificatesBuilderList()
        .forEach(TranslateCommand::withoutKey);
    Cluster.Builder shown = cluster.toBuilder();
    shown.getTransportSocketBuilder().setTypedConfig(Any.pack(tls.build()));
    return shown.build();
  }

  private static void withoutKey(TlsCertificate.Builder certificate) {
    certificate.getPrivateKeyBuilder().setInlineString("(left out)");
  }

  private static Secret shown(Secret secret, @Nullable ByteString selfSigned) {
    Secret.Builder shown = secret.toBuilder();
    TlsCertificate.Builder certificate = shown.getTlsCertificateBuilder();
    withoutKey(certificate);
    if (content(certificate.getCertificateChain()).equals(selfSigned)) {
      certificate.getCertificateChainBuilder().setInlineString("(self-signed, made at each start)");
    }
    return shown.build();
  }

  private static ByteString content(DataSource source) {
    return source.hasInlineString() ? source.getInlineStringBytes() : source.getInlineBytes();
  }

  private static String heading(ResourceType type) {
    return switch (type) {
      case CLUSTER -> "clusters";
      case ENDPOINT -> "endpoints";
      case SECRET -> "secrets";
      case LISTENER -> "listeners";
      case EXTENSION -> "extensions";
      case SCOPE -> "scopes";
      case ROUTE -> "routes";
    };
  }

  private boolean envoyTakes(List<Resource> resources)
      throws EnvoyException, InterruptedException, InvalidProtocolBufferException {
    EnvoyBinary binary = EnvoyBinary.find(envoy, terminal.environment(), terminal::report);
    EnvoyProcess.Validation validation =
        EnvoyProcess.validate(binary, StaticBootstrap.of(resources), VALIDATION_LIMIT);
    String name = "Envoy " + binary.version();
    if (validation.ok()) {
      terminal.report(name + " takes all " + Words.count(resources.size(), "resource") + ".");
    } else {
      terminal.report(name + " refuses them:\n" + validation.output().strip());
    }
    return validation.ok();
  }
}
