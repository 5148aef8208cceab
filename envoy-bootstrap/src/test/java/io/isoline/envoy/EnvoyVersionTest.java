package io.isoline.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class EnvoyVersionTest {
  @Test
  void ofReport_release_isRead() {
    assertEquals(
        Optional.of(new EnvoyVersion(1, 40, 2)),
        EnvoyVersion.ofReport(
            "\n/usr/bin/envoy  version: 9e55809337/1.40.2/Clean/RELEASE/BoringSSL\n"));
  }

  @Test
  void ofReport_developmentVersion_isRead() {
    assertEquals(
        Optional.of(new EnvoyVersion(1, 41, 0)),
        EnvoyVersion.ofReport("envoy  version: 9e55809337/1.41.0-dev/Modified/DEBUG/BoringSSL"));
  }

  @Test
  void ofReport_anotherProgram_isEmpty() {
    assertEquals(Optional.empty(), EnvoyVersion.ofReport("Laravel Envoy 2.8.0"));
  }

  @Test
  void isTooOld_aroundTheOldest_comparesNumbers() {
    assertTrue(new EnvoyVersion(1, 9, 9).isTooOld());
    assertTrue(new EnvoyVersion(1, 36, 99).isTooOld());
    assertFalse(new EnvoyVersion(1, 37, 0).isTooOld());
    assertFalse(new EnvoyVersion(1, 100, 0).isTooOld());
    assertFalse(new EnvoyVersion(2, 0, 0).isTooOld());
  }
}
