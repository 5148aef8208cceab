package io.isoline.controlplane.migrate.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TargetTest {

  @Test
  void of_addressAlone_bothUsualPorts() {
    Target target = Target.of("--old", List.of("192.0.2.1"));
    assertEquals(new Target.Address("192.0.2.1", 80), target.http());
    assertEquals(new Target.Address("192.0.2.1", 443), target.https());
  }

  @Test
  void of_urls_thesePorts() {
    Target target = Target.of("--old", List.of("http://a:8080", "https://[::1]:8443/"));
    assertEquals(new Target.Address("a", 8080), target.http());
    assertEquals(new Target.Address("::1", 8443), target.https());
  }

  @Test
  void of_oneUrl_noOtherAddress() {
    assertNull(Target.of("--old", List.of("https://a")).http());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ftp://a",
        "http://",
        "http://a/path",
        "http://a:99999",
        "http://u@a",
        "a b",
        "http://a?b"
      })
  void of_anythingElse_isToldWhatIsExpected(String url) {
    String message =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> Target.of("--old", List.of(url)))
                .getMessage());
    assertTrue(message.startsWith("--old: expected http://ADDRESS"), message);
  }

  @Test
  void of_addressWithAPortAlone_asksWhichItIs() {
    assertThrows(IllegalArgumentException.class, () -> Target.of("--new", List.of("a:8080")));
  }

  @Test
  void of_twiceTheSame_refused() {
    assertThrows(
        IllegalArgumentException.class, () -> Target.of("--new", List.of("a", "http://b")));
  }
}
