package io.isoline.translator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.ScopedRouteConfiguration;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One folder a case: {@code manifest.yaml} in, {@code resources.yaml} and {@code verdicts.txt} out.
 * {@code settings.txt}, where it is there, names a variant of the settings. Run with {@code
 * -Dgolden.update=true} to write the files anew, then review them.
 */
final class GoldenTest {

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  /** The cases whose connection managers and gate are written out; the others have the first one's. */
  private static final Set<String> IN_FULL = Set.of("kuar-simple", "settings-everything");

  private static final String ELSEWHERE = "as in kuar-simple";

  private static final ObjectMapper YAML =
      new ObjectMapper(
          new YAMLFactory()
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .disable(YAMLGenerator.Feature.SPLIT_LINES));

  static Stream<String> cases() throws IOException {
    try (Stream<Path> folders = Files.list(root())) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void translate_manifest_givesTheReviewedResourcesAndVerdicts(String name) throws IOException {
    Path folder = root().resolve(name);
    Translator translator = new Translator(settings(folder));

    Update update =
        translator.apply(Manifest.changes(Files.readString(folder.resolve("manifest.yaml"))), NOW);

    check(folder.resolve("resources.yaml"), resources(update.changed(), IN_FULL.contains(name)));
    check(folder.resolve("verdicts.txt"), verdicts(update.verdicts()));
  }

  private static Settings settings(Path folder) throws IOException {
    Settings defaults =
        Settings.defaults(
            ByteString.copyFromUtf8("default certificate"), ByteString.copyFromUtf8("its key"));
    Path variant = folder.resolve("settings.txt");
    return Files.exists(variant)
        ? SettingsVariants.named(Files.readString(variant).strip(), defaults)
        : defaults;
  }

  private static void check(Path file, String actual) throws IOException {
    if (Boolean.getBoolean("golden.update")) {
      Path source =
          Path.of("src/test/resources/golden")
              .resolve(Objects.requireNonNull(file.getParent()).getFileName())
              .resolve(file.getFileName());
      Files.writeString(source, actual);
    } else {
      assertEquals(Files.exists(file) ? Files.readString(file) : "", actual, file.toString());
    }
  }

  private static String resources(List<Resource> resources, boolean inFull) throws IOException {
    StringBuilder text = new StringBuilder();
    List<Resource> sorted = new ArrayList<>(resources);
    sorted.sort(Comparator.comparing(Resource::key));
    for (Resource resource : sorted) {
      JsonNode tree =
          YAML.readTree(
              JsonFormat.printer()
                  .usingTypeRegistry(EnvoyTypes.REGISTRY)
                  .preservingProtoFieldNames()
                  .print(World.proto(resource)));
      if (!inFull) {
        shorten(tree);
      }
      ObjectNode entry = YAML.createObjectNode();
      entry.set(resource.type().name().toLowerCase(java.util.Locale.ROOT), tree);
      text.append(YAML.writeValueAsString(entry));
    }
    return text.toString();
  }

  /** Leaves out long parts of connection managers and of the gate that no object has a say in. */
  private static void shorten(JsonNode tree) {
    if (tree instanceof ObjectNode fields) {
      if (fields.has("local_reply_config")) {
        fields.put("local_reply_config", ELSEWHERE);
      }
      String name = fields.path("name").asText();
      if (name.equals("isoline.client-headers")) {
        fields.put("typed_config", ELSEWHERE);
      }
      if (name.equals("isoline.gate") && fields.has("virtual_hosts")) {
        fields.put("virtual_hosts", ELSEWHERE);
        fields.put("typed_per_filter_config", ELSEWHERE);
      }
    }
    tree.forEach(GoldenTest::shorten);
  }

  private static String verdicts(Map<ObjectRef, List<Verdict>> verdicts) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(verdicts)
        .values()
        .forEach(
            list ->
                list.forEach(
                    v -> {
                      text.append(v.object()).append('\n');
                      text.append("  field:   ").append(v.field()).append('\n');
                      text.append("  outcome: ")
                          .append(v.outcome())
                          .append(' ')
                          .append(v.reason())
                          .append('\n');
                      text.append("  message: ").append(v.message()).append('\n');
                      text.append("  fix:     ").append(v.fix()).append("\n\n");
                    }));
    return text.toString().replaceAll(" +\n", "\n");
  }

  private static Path root() {
    try {
      return Path.of(
          Objects.requireNonNull(GoldenTest.class.getResource("/golden")).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
