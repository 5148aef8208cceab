package io.isoline.controlplane.replicas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReplicaAddressTest {

  @ParameterizedTest
  @ValueSource(strings = {"isoline-0@10.1.2.3:18000", "a@b.example:1", "a@[2001:db8::1]:65535"})
  void parse_textOfAnAddress_isTheAddress(String text) {
    assertEquals(text, String.valueOf(ReplicaAddress.parse(text)));
  }

  @Test
  void parse_ipv6_hasNoBrackets() {
    assertEquals(
        new ReplicaAddress("a", "2001:db8::1", 18000),
        ReplicaAddress.parse("a@[2001:db8::1]:18000"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "isoline-0", "a@b", "a@:1", "@b:1", "a@b:0", "a@b:65536", "a@b:x", "a@b:"})
  void parse_somethingElse_isNull(String text) {
    assertNull(ReplicaAddress.parse(text));
  }
}
