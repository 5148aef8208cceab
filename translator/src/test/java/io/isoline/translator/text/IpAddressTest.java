package io.isoline.translator.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

  private static byte[] bytes(String text) {
    InetAddress address = IpAddress.parse(text);
    return address == null ? new byte[0] : address.getAddress();
  }

  @Test
  void parse_anAddress_isItsBytes() {
    assertArrayEquals(new byte[] {10, 0, 0, (byte) 255}, bytes("10.0.0.255"));
    assertArrayEquals(new byte[] {10, 0, 0, 1}, bytes("::ffff:10.0.0.1"));
    assertArrayEquals(
        new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, bytes("::1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "localhost", "010.0.0.1", "10.0.0.01", "127.1", "2130706433", "0x7f.0.0.1", "10.0.0.256",
        "10.0.0.1.", "fe80::1%lo", "[::1]", "1::2::3", ":", " 10.0.0.1", "10.0.0.1\n"
      })
  void parse_anythingElse_isNull(String text) {
    assertNull(IpAddress.parse(text));
  }
}
