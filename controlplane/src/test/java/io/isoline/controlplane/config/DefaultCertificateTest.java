package io.isoline.controlplane.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.tls.ServerCertificate.Invalid;
import io.isoline.translator.tls.ServerCertificate.KeyType;
import io.isoline.translator.tls.ServerCertificate.Valid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefaultCertificateTest {

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00.5Z");
  private static final String FILE = "default-certificate.pem";

  @Test
  void create_isForAYearAndForNoHost() throws GeneralSecurityException {
    Valid valid = DefaultCertificate.create(NOW);

    assertEquals(KeyType.ECDSA, valid.type());
    assertEquals(Instant.parse("2027-11-21T12:00:00Z"), valid.notAfter());
    assertTrue(valid.notBefore().isBefore(NOW));
    assertEquals(List.of("isoline.invalid"), valid.dnsNames());
    X509Certificate certificate =
        (X509Certificate)
            CertificateFactory.getInstance("X.509").generateCertificate(valid.chain().newInput());
    assertEquals("CN=Isoline default certificate", certificate.getSubjectX500Principal().getName());
    assertEquals(-1, certificate.getBasicConstraints());
    certificate.verify(certificate.getPublicKey());
  }

  @Test
  void create_twice_givesOtherKeysAndSerials() {
    Valid one = DefaultCertificate.create(NOW);
    Valid two = DefaultCertificate.create(NOW);

    assertNotEquals(one.key(), two.key());
    assertNotEquals(one.chain(), two.chain());
  }

  @Test
  void loadOrCreate_secondTime_givesTheSame(@TempDir Path directory) throws IOException {
    Path state = directory.resolve("a/b");

    Valid first = DefaultCertificate.loadOrCreate(state, NOW);
    Valid second = DefaultCertificate.loadOrCreate(state, NOW.plus(Duration.ofDays(300)));

    assertEquals(first, second);
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve(FILE))));
    try (var files = Files.list(state)) {
      assertEquals(List.of(state.resolve(FILE)), files.toList());
    }
  }

  @Test
  void loadOrCreate_thirtyDaysBeforeTheEnd_renews(@TempDir Path directory) throws IOException {
    Valid first = DefaultCertificate.loadOrCreate(directory, NOW);
    Instant later = first.notAfter().minus(DefaultCertificate.RENEW_BEFORE);

    Valid kept = DefaultCertificate.loadOrCreate(directory, later.minusSeconds(1));
    Valid renewed = DefaultCertificate.loadOrCreate(directory, later);

    assertEquals(first, kept);
    assertNotEquals(first, renewed);
    assertEquals(renewed, DefaultCertificate.loadOrCreate(directory, later));
  }

  @Test
  void loadOrCreate_damagedFile_isReplaced(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve(FILE), "garbage");

    Valid created = DefaultCertificate.loadOrCreate(directory, NOW);

    assertEquals(created, DefaultCertificate.loadOrCreate(directory, NOW));
  }

  @Test
  void loadOrCreate_directoryIsAFile_throws(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");

    assertThrows(IOException.class, () -> DefaultCertificate.loadOrCreate(file, NOW));
  }

  @Test
  void load_goodFiles_isValid(@TempDir Path directory) throws IOException {
    Valid created = DefaultCertificate.create(NOW);
    Path certificate = directory.resolve("my.crt");
    Path key = directory.resolve("my.key");
    Files.write(certificate, created.chain().toByteArray());
    Files.write(key, created.key().toByteArray());

    assertEquals(created, DefaultCertificate.load(certificate, key, NOW));
  }

  @Test
  void load_badFiles_namesTheFile(@TempDir Path directory) throws IOException {
    Path empty = Files.writeString(directory.resolve("empty.pem"), "");
    Path missing = directory.resolve("missing.pem");

    assertEquals(empty + " is empty", message(empty, empty));
    assertEquals(missing + " does not exist", message(missing, empty));
    assertEquals(missing + " does not exist", message(empty, missing));
    assertEquals(directory + " cannot be read: it is a directory", message(directory, empty));
  }

  @Test
  void load_expired_isInvalid(@TempDir Path directory) throws IOException {
    Valid created = DefaultCertificate.loadOrCreate(directory, NOW);
    Path file = directory.resolve(FILE);

    Invalid invalid =
        assertInstanceOf(Invalid.class, DefaultCertificate.load(file, file, created.recheckAt()));

    assertTrue(invalid.message().contains(" expired on "), invalid.message());
  }

  private static String message(Path certificate, Path key) {
    return assertInstanceOf(Invalid.class, DefaultCertificate.load(certificate, key, NOW))
        .message();
  }
}
