package io.isoline.controlplane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

  private static final Path DOCUMENT = Path.of("../docs/cli.md");

  /** The document holds what each command says of itself; {@code -Dgolden.update=true} writes it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "up", "serve", "lint", "translate", "bootstrap", "certs", "drain", "config", "migrate",
        "migrate report", "migrate config", "migrate verify", "version"
      })
  void help_ofEachCommand_isInTheDocument(String command) throws IOException {
    CommandRun run = CommandRun.of((command + " --help").strip().split(" "));
    assertEquals(0, run.status());
    String start = ("```text isoline " + command).strip() + "\n";
    String document = Files.readString(DOCUMENT);
    int from = document.indexOf(start) + start.length();
    int to = document.indexOf("```\n", from);
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(
          DOCUMENT, document.substring(0, from) + run.out() + document.substring(to));
    } else {
      assertEquals(document.substring(from, to), run.out());
    }
  }

  @Test
  void noCommand_usageAndFailure() {
    CommandRun run = CommandRun.of();
    assertEquals(2, run.status());
    assertTrue(run.err().startsWith("Usage: isoline"), run.err());
  }

  @Test
  void unknownCommand_suggestsTheRightOne() {
    CommandRun run = CommandRun.of("trnslate");
    assertEquals(2, run.status());
    assertTrue(run.err().contains("Did you mean: isoline translate"), run.err());
    assertEquals("", run.out());
  }

  @Test
  void unknownOption_suggestsTheRightOne() {
    CommandRun run = CommandRun.of("up", "--htp-port", "0", ".");
    assertEquals(2, run.status());
    assertTrue(run.err().contains("--htp-port"), run.err());
    assertTrue(run.err().contains("See 'isoline up --help'."), run.err());
  }

  @Test
  void help_asACommand_isThatOfTheOption() {
    assertEquals(CommandRun.of("--help"), CommandRun.of("help"));
    assertEquals(CommandRun.of("lint", "--help"), CommandRun.of("help", "lint"));
    assertEquals(2, CommandRun.of("help", "lnt").status());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "version -o jsn|expected text, yaml or json but was 'jsn'; did you mean json?",
        "lint -o xml a|expected text, yaml, json, sarif or github but was 'xml'",
        "translate -o TXT a|expected text, yaml or json but was 'TXT'; did you mean text?",
        "up --log-level wran a|expected error, warn, info or debug but was 'wran'; did you mean",
        "serve --log-level all|expected error, warn, info or debug but was 'all'",
      })
  void word_thatAnOptionDoesNotKnow_hintInLowerCase(String command, String hint) {
    CommandRun run = CommandRun.of(command.split(" "));
    assertEquals(2, run.status());
    assertTrue(run.err().contains(hint), run.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"lint", "translate"})
  void paths_withoutTheOption_areTheSame(String command, @TempDir Path directory)
      throws IOException {
    Path a = Files.writeString(directory.resolve("a.yaml"), "kind: [\n");
    Path b = Files.writeString(directory.resolve("b.yaml"), "kind: {\n");
    CommandRun withOption = CommandRun.of(command, "-f", a.toString(), "-f", b.toString());
    assertEquals(withOption, CommandRun.of(command, a.toString(), b.toString()));
    assertEquals(withOption, CommandRun.of(command, b.toString(), "-f", a.toString()));
    assertTrue((withOption.out() + withOption.err()).contains("b.yaml:1:7"), withOption.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"lint", "translate"})
  void paths_missing_saysWhatIsExpected(String command) {
    CommandRun run = CommandRun.of(command);
    assertEquals(2, run.status());
    assertTrue(run.err().contains("name the manifests"), run.err());
  }

  @Test
  void version_text() {
    CommandRun run = CommandRun.of("version");
    assertEquals(0, run.status());
    assertTrue(run.out().startsWith("isoline "), run.out());
  }

  @Test
  void version_formatInUpperOrLowerCase_data() {
    assertTrue(CommandRun.of("version", "-o", "json").out().contains("\"isoline\""));
    assertTrue(CommandRun.of("version", "-o", "YAML").out().startsWith("isoline: "));
  }

  @Test
  void config_printed_canBeReadBack(@TempDir Path directory)
      throws IOException {
    Path file = directory.resolve("isoline.yaml");
    Files.writeString(file, CommandRun.of("config").out());
    CommandRun check = CommandRun.of("config", "--check", "--config", file.toString());
    assertEquals(new CommandRun(0, "", ""), check);
  }

  @Test
  void config_flag_beatsTheFile(@TempDir Path directory)
      throws IOException {
    Path file = directory.resolve("isoline.yaml");
    Files.writeString(file, "trustedHops: 3\n");
    assertTrue(
        CommandRun.of("config", "--config", file.toString()).out().contains("trustedHops: 3"));
    assertTrue(
        CommandRun.of("config", "--config", file.toString(), "--trusted-hops", "1")
            .out()
            .contains("trustedHops: 1"));
  }

  @Test
  void config_wrongFile_placeAndReason(@TempDir Path directory)
      throws IOException {
    Path file = directory.resolve("isoline.yaml");
    Files.writeString(file, "ipv6: true\ntrustedHop: 3\n");
    CommandRun run = CommandRun.of("config", "--config", file.toString());
    assertEquals(2, run.status());
    assertTrue(run.err().contains("isoline.yaml:2:1"), run.err());
  }

  @Test
  void bootstrap_portMissing_saysWhatIsExpected() {
    CommandRun run = CommandRun.of("bootstrap", "--xds", "isoline");
    assertEquals(2, run.status());
    assertTrue(run.err().contains("--xds: "), run.err());
    assertTrue(run.err().contains("HOST:PORT"), run.err());
  }

  @Test
  void bootstrap_adminForEverybody_refused() {
    CommandRun run = CommandRun.of("bootstrap", "--admin", "0.0.0.0:9901");
    assertEquals(2, run.status());
    assertTrue(run.err().contains("can be reached from other machines"), run.err());
  }

  @Test
  void bootstrap_out_writesTheFilesAndPrintsNothing(@TempDir Path directory) throws IOException {
    Path out = directory.resolve("envoy/envoy.yaml");
    CommandRun run =
        CommandRun.of(
            "bootstrap",
            "--out",
            out.toString(),
            "--xds-certificate",
            "/certs/tls.crt",
            "--xds-key",
            "/certs/tls.key",
            "--xds-ca",
            "/certs/ca.crt");
    assertEquals(new CommandRun(0, "", ""), run);
    assertTrue(
        Files.readString(out)
            .contains("path: \"" + out.resolveSibling("xds-certificate.yaml") + "\""));
    assertTrue(
        Files.readString(out.resolveSibling("xds-certificate.yaml")).contains("/certs/tls.key"));
    assertTrue(Files.readString(out.resolveSibling("xds-ca.yaml")).contains("/certs/ca.crt"));
  }

  @Test
  void bootstrap_outCannotBeWritten_saysWhy(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    CommandRun run = CommandRun.of("bootstrap", "--out", file.resolve("envoy.yaml").toString());
    assertEquals(2, run.status());
    assertTrue(run.err().contains("--out: "), run.err());
    assertTrue(run.err().contains("file is a file"), run.err());
  }

  @Test
  void bootstrap_tlsWithoutOut_saysWhatIsNeeded() {
    CommandRun run =
        CommandRun.of(
            "bootstrap", "--xds-certificate", "a", "--xds-key", "b", "--xds-ca", "c");
    assertEquals(2, run.status());
    assertTrue(run.err().contains("needs --out FILE"), run.err());
  }

  @Test
  void bootstrap_localityOfEmptyParts_isNone() {
    assertFalse(CommandRun.of("bootstrap", "--locality", "/").out().contains("locality"));
    assertTrue(CommandRun.of("bootstrap", "--locality", "/z").out().contains("zone: z"));
  }

  @Test
  void serve_forEverybodyWithoutTls_refused(@TempDir Path manifests) {
    CommandRun run = CommandRun.of("serve", "--listen", "0.0.0.0:0", manifests.toString());
    assertEquals(2, run.status());
    assertTrue(run.err().contains("private keys of all certificates"), run.err());
    assertTrue(run.err().contains("--insecure"), run.err());
  }

  @Test
  void serve_tlsWithoutItsKey_refused(@TempDir Path manifests) {
    CommandRun run = CommandRun.of("serve", "--xds-certificate", "tls.crt", manifests.toString());
    assertEquals(2, run.status());
    assertTrue(run.err().contains("need each other"), run.err());
  }

  @Test
  void serve_tlsFileMissing_namesIt(@TempDir Path manifests) {
    CommandRun run =
        CommandRun.of(
            "serve",
            "--xds-certificate",
            "no/tls.crt",
            "--xds-key",
            "no/tls.key",
            "--xds-ca",
            "no/ca.crt",
            manifests.toString());
    assertEquals(2, run.status());
    assertTrue(run.err().contains("no/tls.crt does not exist"), run.err());
  }

  @Test
  void up_missingPath_failure() {
    CommandRun run = CommandRun.of("up", "does/not/exist");
    assertEquals(2, run.status());
    assertTrue(run.err().contains("there is no file or directory does/not/exist"), run.err());
  }

  @Test
  void defaultCertificate_withoutKey_failure() {
    CommandRun run = CommandRun.of("config", "--default-certificate", "a.pem");
    assertEquals(2, run.status());
    assertTrue(run.err().contains("--default-key"), run.err());
  }
}
