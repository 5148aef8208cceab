package io.isoline.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BootstrapTest {
  private static final XdsTls TLS_FILES =
      new XdsTls(
          Path.of("/certs/tls.crt"),
          Path.of("/certs/tls.key"),
          Path.of("/certs/ca.crt"),
          Path.of("/run/isoline"));

  /** Each has a file of its name under golden/. */
  enum Golden {
    LOCAL,
    EDGE,
    STATE_OF_THE_WORLD,
    TLS;

    BootstrapOptions options() {
      return switch (this) {
        case LOCAL ->
            BootstrapOptions.builder(
                    new Address.Pipe(Path.of("/run/isoline/xds.sock")),
                    new Address.Pipe(Path.of("/run/isoline/admin.sock")))
                .build();
        case EDGE ->
            BootstrapOptions.builder(
                    new Address.Socket("isoline.ingress.svc", 18000),
                    new Address.Socket("127.0.0.1", 9901))
                .nodeId("envoy-7c9d")
                .nodeCluster("edge")
                .locality(new Locality("eu-west", "eu-west-1a", ""))
                .stats(new Address.Socket("0.0.0.0", 8002))
                .maxHeapBytes(2L << 30)
                .build();
        case STATE_OF_THE_WORLD ->
            BootstrapOptions.builder(new Address.Socket("::1", 18000), new Address.Socket("::1", 0))
                .nodeId("1e5")
                .protocol(XdsProtocol.STATE_OF_THE_WORLD)
                .build();
        case TLS ->
            BootstrapOptions.builder(
                    new Address.Socket("isoline.ingress.svc", 18000),
                    new Address.Pipe(Path.of("/run/isoline/admin.sock")))
                .xdsTls(TLS_FILES)
                .build();
      };
    }

    String text() throws IOException {
      String name = "/golden/" + name().toLowerCase(Locale.ROOT).replace('_', '-') + ".yaml";
      try (var stream =
          Objects.requireNonNull(BootstrapTest.class.getResourceAsStream(name), name)) {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void toYaml_options_givesTheReviewedFile(Golden golden) throws IOException {
    assertEquals(golden.text(), Bootstrap.of(golden.options()).toYaml());
  }

  @ParameterizedTest
  @EnumSource
  void toJson_options_saysTheSameAsYaml(Golden golden) throws IOException {
    Bootstrap bootstrap = Bootstrap.of(golden.options());
    assertEquals(
        new YAMLMapper().readTree(bootstrap.toYaml()),
        new JsonMapper().readTree(bootstrap.toJson()));
  }

  @ParameterizedTest
  @EnumSource
  void admin_bootstrap_isWhatTheOptionsSaid(Golden golden) {
    assertEquals(golden.options().admin(), Bootstrap.of(golden.options()).admin());
  }

  @Test
  void toYaml_wordsThatReadAsOtherTypes_areQuoted() throws IOException {
    BootstrapOptions.Builder builder =
        BootstrapOptions.builder(
            new Address.Socket("127.0.0.1", 18000), new Address.Socket("127.0.0.1", 0));
    for (String id :
        new String[] {"true", "No", "null", "~", "0x1f", "1e5", ".inf", "- a", "a: b"}) {
      String yaml = Bootstrap.of(builder.nodeId(id).build()).toYaml();
      assertEquals("  id: \"" + id + "\"", yaml.lines().skip(1).findFirst().orElse(""));
    }
  }
}
