package io.isoline.controlplane.certs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.isoline.translator.tls.ServerCertificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SharedDefaultCertificateTest {
  private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

  private static Renewal renew(List<Secret> existing, Instant now) {
    return CertificateSet.DEFAULT.renew(existing, "system", now);
  }

  private static Secret made() {
    return renew(List.of(), START).write().getFirst();
  }

  private static ServerCertificate read(Secret secret, Instant now) {
    return ServerCertificate.read(
        ByteString.copyFromUtf8(TlsSecret.text(secret, "tls.crt")),
        "tls.crt",
        ByteString.copyFromUtf8(TlsSecret.text(secret, "tls.key")),
        "tls.key",
        now);
  }

  @Test
  void renew_nothingThere_makesWhatEnvoyTakes() {
    Renewal renewal = renew(List.of(), START);
    assertEquals(List.of("isoline-default-certificate"), renewal.missing());
    Secret secret = renewal.write().getFirst();
    assertEquals("isoline-default-certificate", secret.getMetadata().getName());
    assertEquals("system", secret.getMetadata().getNamespace());
    assertEquals("kubernetes.io/tls", secret.getType());
    assertTrue(TlsSecret.isOurs(secret));
    assertTrue(read(secret, START) instanceof ServerCertificate.Valid);
  }

  @Test
  void renew_farFromItsEnd_isKept() {
    Instant later = START.plus(Duration.ofDays(334));
    assertEquals(
        new Renewal(List.of(), List.of(), List.of(), List.of()), renew(List.of(made()), later));
  }

  @Test
  void renew_aMonthBeforeItsEnd_isMadeAnew() {
    Secret old = made();
    Instant later = START.plus(Duration.ofDays(336));
    Renewal renewal = renew(List.of(old), later);
    assertEquals(List.of(), renewal.missing());
    assertTrue(renewal.reasons().getFirst().startsWith("it would have expired on "));
    assertNotEquals(old.getData(), renewal.write().getFirst().getData());
    assertTrue(read(renewal.write().getFirst(), later) instanceof ServerCertificate.Valid);
  }

  @Test
  void renew_broken_isMadeAnewInItsPlace() {
    Secret broken =
        new SecretBuilder(made())
            .editMetadata()
            .withResourceVersion("7")
            .endMetadata()
            .withData(Map.of("tls.crt", "bm8="))
            .build();
    Renewal renewal = renew(List.of(broken), START);
    assertEquals(1, renewal.reasons().size());
    assertEquals("7", renewal.write().getFirst().getMetadata().getResourceVersion());
    assertTrue(read(renewal.write().getFirst(), START) instanceof ServerCertificate.Valid);
  }

  @Test
  void renew_ofSomebodyElse_isLeftAlone() {
    Secret foreign =
        new SecretBuilder(made()).editMetadata().withLabels(null).endMetadata().build();
    Renewal renewal = renew(List.of(foreign), START.plus(Duration.ofDays(3650)));
    assertEquals(List.of("isoline-default-certificate"), renewal.foreign());
    assertEquals(List.of(), renewal.write());
  }
}
