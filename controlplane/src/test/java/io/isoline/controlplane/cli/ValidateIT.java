package io.isoline.controlplane.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.envoy.RandomManifests;
import io.isoline.envoy.EnvoyBinary;
import io.isoline.envoy.EnvoyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real Envoy checks what the golden manifests of the translator, and random ones, become. */
class ValidateIT {

  private static final String EVERYTHING =
      """
      http: {port: 0, forwardedPort: 80, proxyProtocol: true}
      https: {port: 10443, forwardedPort: 443, proxyProtocol: true}
      tls: {minVersion: '1.3'}
      redirectToHttps: true
      hsts: {maxAge: 8760h, includeSubDomains: true, preload: true}
      limits: {requestBody: 1MiB}
      accessLog: {format: json}
      compression: {algorithms: [zstd, brotli, gzip]}
      trustedHops: 1
      headersWithUnderscores: drop
      allowExternalName: true
      ipv6: true
      """;

  @SuppressWarnings("NullAway") // set before all tests
  private static Path envoy;

  @TempDir private Path directory;

  @BeforeAll
  static void find() throws EnvoyException, InterruptedException {
    envoy = EnvoyBinary.find(null, System.getenv(), line -> {}).path();
  }

  static Stream<Path> cases() throws IOException {
    try (Stream<Path> folders = Files.list(Path.of("../translator/src/test/resources/golden"))) {
      return folders.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void goldenManifest_asResources_isTakenByEnvoy(Path folder) {
    assertTaken(validate(folder));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void goldenManifest_withEverySettingChanged_isTakenByEnvoy(Path folder) throws IOException {
    Path configuration = Files.writeString(directory.resolve("isoline.yaml"), EVERYTHING);
    assertTaken(validate(folder, "--config", configuration.toString()));
  }

  /** Envoy's own limit for expressions is less than what our bootstrap sets. */
  @Test
  void longWildcardHost_isTakenAsByAnEnvoyOfOurs() throws IOException {
    Files.writeString(
        directory.resolve("manifest.yaml"),
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: web}
        spec:
          rules:
            - host: "*.%s.%s.test"
              http:
                paths:
                  - path: /
                    pathType: Prefix
                    backend: {service: {name: web, port: {number: 80}}}
        """
            .formatted("a".repeat(60), "b".repeat(60)));
    assertTaken(validate(directory));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomManifests_asResources_areTakenByEnvoy(long seed) throws IOException {
    RandomManifests manifests = new RandomManifests(new Random(seed));
    for (int i = 0; i < 40; i++) {
      manifests.change();
    }
    Files.writeString(
        directory.resolve("manifest.yaml"), String.join("\n---\n", manifests.documents()));
    assertTaken(validate(directory));
  }

  private static CommandRun validate(Path folder, String... more) {
    String[] arguments =
        Stream.concat(
                Stream.of(
                    "translate",
                    "--validate",
                    "--envoy",
                    envoy.toString(),
                    "-f",
                    folder.resolve("manifest.yaml").toString()),
                Stream.of(more))
            .toArray(String[]::new);
    return CommandRun.of(arguments);
  }

  private static void assertTaken(CommandRun run) {
    assertTrue(run.err().contains("takes all"), run.err());
  }
}
