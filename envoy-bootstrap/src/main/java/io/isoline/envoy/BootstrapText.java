package io.isoline.envoy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.config.overload.v3.ScaleTimersOverloadActionConfig;
import io.envoyproxy.envoy.extensions.clusters.dns.v3.DnsCluster;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig;
import io.envoyproxy.envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig;
import io.envoyproxy.envoy.extensions.resource_monitors.injected_resource.v3.InjectedResourceConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** A bootstrap message as text that Envoy reads and that a person can review. */
final class BootstrapText {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer()
          .preservingProtoFieldNames()
          .usingTypeRegistry(
              TypeRegistry.newBuilder()
                  .add(HttpConnectionManager.getDescriptor())
                  .add(Router.getDescriptor())
                  .add(HttpProtocolOptions.getDescriptor())
                  .add(DnsCluster.getDescriptor())
                  .add(FixedHeapConfig.getDescriptor())
                  .add(DownstreamConnectionsConfig.getDescriptor())
                  .add(InjectedResourceConfig.getDescriptor())
                  .add(ScaleTimersOverloadActionConfig.getDescriptor())
                  .add(UpstreamTlsContext.getDescriptor())
                  .add(Secret.getDescriptor())
                  .build());

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final YAMLMapper YAML =
      YAMLMapper.builder(
              YAMLFactory.builder()
                  .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                  .disable(YAMLGenerator.Feature.SPLIT_LINES)
                  .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                  .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
                  .stringQuotingChecker(new PlainWords())
                  .build())
          .build();

  private BootstrapText() {}

  /** One resource in the form in which Envoy reads resources from a file. */
  static Message discoveryResponse(Message resource) {
    return DiscoveryResponse.newBuilder().addResources(Any.pack(resource)).build();
  }

  static String json(Message message) {
    try {
      return PRINTER.print(message) + "\n";
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(
          "the bootstrap holds a type that cannot be printed: " + e.getMessage(), e);
    }
  }

  static String yaml(Message message) {
    try {
      JsonNode tree = JSON.readTree(json(message));
      return YAML.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("printed JSON cannot be read back", e);
    }
  }

  /**
   * Leaves only plain words without quotes. The reader on the other side is Envoy's, which takes
   * more spellings for numbers and booleans than the one that prints here knows.
   */
  private static final class PlainWords extends StringQuotingChecker {
    private static final long serialVersionUID = 1L;
    private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_./-]*");
    private static final Set<String> NOT_STRINGS =
        Set.of("true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf");

    @Override
    public boolean needToQuoteName(String name) {
      return needToQuoteValue(name);
    }

    @Override
    public boolean needToQuoteValue(String value) {
      return !WORD.matcher(value).matches() || NOT_STRINGS.contains(value.toLowerCase(Locale.ROOT));
    }
  }
}
