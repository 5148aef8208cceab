package io.isoline.controlplane.certs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class XdsCertificatesTest {
  private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
  private static final String SERVER = XdsIdentity.SERVER.secretName();
  private static final String CLIENT = XdsIdentity.CLIENT.secretName();
  private static final Duration CA_RENEWED =
      CertificateAuthority.LIFETIME.multipliedBy(2).dividedBy(3);

  /** The Secrets of a namespace. */
  private Map<String, Secret> secrets = new TreeMap<>();

  private Renewal renew(Instant now) {
    Renewal renewal = XdsCertificates.renew(secrets.values(), "system", now);
    for (Secret secret : renewal.write()) {
      secrets.put(secret.getMetadata().getName(), secret);
    }
    return renewal;
  }

  private Set<String> written(Instant now) {
    return renew(now).write().stream()
        .map(secret -> secret.getMetadata().getName())
        .collect(Collectors.toSet());
  }

  private static String text(Secret secret, String key) {
    return new String(
        Base64.getDecoder().decode(secret.getData().get(key)), StandardCharsets.UTF_8);
  }

  private static X509Certificate leaf(Secret secret) {
    return Credential.certificates(text(secret, "tls.crt")).getFirst();
  }

  private static List<X509Certificate> trusted(Secret secret) {
    return Credential.certificates(text(secret, "ca.crt"));
  }

  private Secret secret(String name) {
    Secret secret = secrets.get(name);
    assertNotNull(secret, name);
    return secret;
  }

  private void edit(String name, String key, String text) {
    Secret secret = secret(name);
    Map<String, String> data = new TreeMap<>(secret.getData());
    data.put(key, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    secrets.put(name, new SecretBuilder(secret).withData(data).build());
  }

  /** Whether each side accepts the other. */
  private static boolean meet(Secret one, Secret other, Instant now) {
    return accepts(one, leaf(other), now) && accepts(other, leaf(one), now);
  }

  private static boolean accepts(Secret secret, X509Certificate certificate, Instant now) {
    return !now.isBefore(certificate.getNotBefore().toInstant())
        && now.isBefore(certificate.getNotAfter().toInstant())
        && trusted(secret).stream()
            .anyMatch(
                authority ->
                    CertificateAuthority.isIssuer(authority, certificate)
                        && now.isBefore(authority.getNotAfter().toInstant()));
  }

  @Test
  void renew_nothingThere_makesAllThree() {
    Renewal renewal = renew(START);
    assertEquals(XdsCertificates.secretNames(), renewal.missing());
    assertEquals(Set.copyOf(XdsCertificates.secretNames()), secrets.keySet());
    for (Secret secret : secrets.values()) {
      assertEquals("system", secret.getMetadata().getNamespace());
      assertEquals("isoline", secret.getMetadata().getLabels().get(CertificateSet.LABEL));
      assertEquals("kubernetes.io/tls", secret.getType());
      assertEquals(Set.of("tls.crt", "tls.key", "ca.crt"), secret.getData().keySet());
      assertEquals(
          Credential.certificates(text(secret(XdsCertificates.CA_SECRET), "tls.crt")),
          trusted(secret));
    }
    assertTrue(meet(secret(SERVER), secret(CLIENT), START));
  }

  @Test
  void renew_allIsRight_writesNothing() {
    renew(START);
    Renewal second = renew(START.plus(Duration.ofDays(59)));
    assertEquals(new Renewal(List.of(), List.of(), List.of(), List.of()), second);
  }

  @Test
  void renew_twoThirdsOver_renewsTheLeavesOfTheSameCa() {
    renew(START);
    Secret before = secret(SERVER);
    Instant later = START.plus(Duration.ofDays(60));
    assertEquals(Set.of(SERVER, CLIENT), written(later));
    assertNotEquals(leaf(before), leaf(secret(SERVER)));
    assertEquals(trusted(before), trusted(secret(SERVER)));
    assertTrue(meet(secret(SERVER), secret(CLIENT), later.plus(Duration.ofDays(89))));
    assertEquals(Set.of(), written(later.plusSeconds(1)));
  }

  @Test
  void renew_caDue_isTrustedFirstAndIssuesADayLater() {
    renew(START);
    // Leaves that are due at the same time as the CA.
    renew(START.plus(CA_RENEWED).minus(Duration.ofDays(61)));
    Secret server = secret(SERVER);
    Secret client = secret(CLIENT);
    Instant due = START.plus(CA_RENEWED);
    assertEquals(Set.copyOf(XdsCertificates.secretNames()), written(due));
    assertEquals(leaf(server), leaf(secret(SERVER)));
    assertEquals(leaf(client), leaf(secret(CLIENT)));
    assertEquals(2, trusted(secret(SERVER)).size());
    assertEquals(trusted(secret(CLIENT)), trusted(secret(SERVER)));
    assertTrue(meet(server, secret(CLIENT), due), "a server that has not seen the new Secret yet");
    assertTrue(meet(secret(SERVER), client, due), "an Envoy that has not seen the new Secret yet");
    assertEquals(Set.of(), written(due.plus(Duration.ofHours(22))));
    Secret trusting = secret(CLIENT);
    Instant settled = due.plus(Duration.ofDays(1));
    assertEquals(Set.of(SERVER, CLIENT), written(settled));
    assertTrue(meet(secret(SERVER), trusting, settled));
    assertFalse(accepts(client, leaf(secret(SERVER)), settled), "it is the new CA that issued");
  }

  @Test
  void renew_oldCaExpired_isNotTrustedAnyMore() {
    renew(START);
    renew(START.plus(CA_RENEWED));
    assertEquals(2, trusted(secret(SERVER)).size());
    renew(START.plus(CertificateAuthority.LIFETIME).plusSeconds(1));
    assertEquals(1, trusted(secret(SERVER)).size());
  }

  @Test
  void renew_caDeleted_theOldOneIsTrustedAndItsLeavesGoOn() {
    renew(START);
    Secret server = secret(SERVER);
    secrets.remove(XdsCertificates.CA_SECRET);
    Instant later = START.plus(Duration.ofDays(3));
    renew(later);
    assertEquals(leaf(server), leaf(secret(SERVER)));
    assertEquals(2, trusted(secret(CLIENT)).size());
    assertTrue(meet(server, secret(CLIENT), later));
  }

  @Test
  void renew_brokenSecrets_areMadeAnew() {
    renew(START);
    edit(SERVER, "tls.key", text(secret(CLIENT), "tls.key"));
    edit(CLIENT, "tls.crt", "nonsense");
    Renewal renewal = renew(START);
    assertEquals(
        List.of("it held no certificate with its key", "it held no certificate with its key"),
        renewal.reasons());
    assertTrue(meet(secret(SERVER), secret(CLIENT), START));
    edit(SERVER, "tls.crt", text(secret(CLIENT), "tls.crt"));
    edit(SERVER, "tls.key", text(secret(CLIENT), "tls.key"));
    edit(CLIENT, "ca.crt", "nonsense");
    assertEquals(
        List.of(
            "its certificate was not for the DNS name isoline",
            "the CAs that are trusted have changed"),
        renew(START).reasons());
    edit(XdsCertificates.CA_SECRET, "tls.crt", text(secret(CLIENT), "tls.crt"));
    edit(XdsCertificates.CA_SECRET, "tls.key", text(secret(CLIENT), "tls.key"));
    assertEquals("it held no CA with its key", renew(START).reasons().getFirst());
  }

  @Test
  void renew_longAfterEverythingExpired_makesAllAnew() {
    renew(START);
    Instant later = START.plus(Duration.ofDays(36_500));
    assertEquals(Set.copyOf(XdsCertificates.secretNames()), written(later));
    assertEquals(1, trusted(secret(SERVER)).size());
    assertTrue(meet(secret(SERVER), secret(CLIENT), later));
  }

  @Test
  void renew_secretOfSomebodyElse_touchesNothing() {
    renew(START);
    Secret foreign =
        new SecretBuilder(secret(SERVER))
            .editMetadata()
            .withLabels(Map.of("app.kubernetes.io/managed-by", "cert-manager"))
            .endMetadata()
            .build();
    secrets.put(SERVER, foreign);
    secrets.remove(CLIENT);
    assertEquals(new Renewal(List.of(), List.of(), List.of(SERVER), List.of(CLIENT)), renew(START));
    Secret unlabelled =
        new SecretBuilder(foreign).editMetadata().withLabels(null).endMetadata().build();
    secrets.put(SERVER, unlabelled);
    assertEquals(List.of(SERVER), renew(START).foreign());
  }

  @Test
  void renew_existing_keepsItsVersionLabelsAndAnnotations() {
    renew(START);
    secrets.put(
        SERVER,
        new SecretBuilder(secret(SERVER))
            .editMetadata()
            .withResourceVersion("17")
            .addToLabels("team", "web")
            .addToAnnotations("note", "mine")
            .endMetadata()
            .build());
    renew(START.plus(Duration.ofDays(70)));
    Secret written = secret(SERVER);
    assertEquals("17", written.getMetadata().getResourceVersion());
    assertEquals("web", written.getMetadata().getLabels().get("team"));
    assertEquals("mine", written.getMetadata().getAnnotations().get("note"));
  }

  /** Through a change of the CA, with readers that lag behind by up to nine hours. */
  @Test
  void renew_overYears_bothSidesAcceptEachOtherAllTheTime() {
    Instant changed = START.plus(CA_RENEWED);
    Instant end = changed.plus(Duration.ofDays(100));
    renew(START);
    X509Certificate first = leaf(secret(XdsCertificates.CA_SECRET));
    Instant now = START;
    while (now.isBefore(end)) {
      Secret server = secret(SERVER);
      Secret client = secret(CLIENT);
      if (!renew(now).write().isEmpty()) {
        assertTrue(meet(secret(SERVER), secret(CLIENT), now), now.toString());
        assertTrue(meet(secret(SERVER), client, now), now.toString());
        assertTrue(meet(server, secret(CLIENT), now), now.toString());
      }
      boolean isChanging = Duration.between(now, changed).abs().compareTo(Duration.ofDays(8)) < 0;
      now = now.plus(isChanging ? Duration.ofHours(9) : Duration.ofDays(7));
    }
    assertNotEquals(first, leaf(secret(XdsCertificates.CA_SECRET)));
    assertFalse(CertificateAuthority.isIssuer(first, leaf(secret(SERVER))));
  }
}
