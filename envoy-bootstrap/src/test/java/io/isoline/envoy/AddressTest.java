package io.isoline.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:0",
        "[::1]:80",
        "control-plane.isoline.svc:18000",
        "unix:/run/isoline/xds.sock"
      })
  void parse_ownText_givesItBack(String text) {
    assertEquals(text, Address.parse(text).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "127.0.0.1",
        ":80",
        "::1:80",
        "[127.0.0.1]:80",
        "256.0.0.1:80",
        "127.0.0.01:80",
        "host:65536",
        "host:-1",
        "host:http",
        "two words:80",
        "host/path:80",
        "unix:"
      })
  void parse_somethingElse_isRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Address.parse(text));
  }

  @Test
  void pipe_longerThanASocketPathMayBe_isRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> new Address.Pipe(Path.of("/" + "x".repeat(103))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "::1", "localhost"})
  void isLoopback_loopback_isTrue(String host) {
    assertTrue(new Address.Socket(host, 1).isLoopback());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.1", "127.example.com", "localhost.example.com"})
  void isLoopback_reachableFromOutside_isFalse(String host) {
    assertFalse(new Address.Socket(host, 1).isLoopback());
  }
}
