package io.isoline.translator.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpRangeTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, 10.0.0.1/32",
    "10.0.0.1/8, 10.0.0.1/8",
    "0.0.0.0/0, 0.0.0.0/0",
    "2001:DB8::/32, 2001:db8:0:0:0:0:0:0/32",
    "::1, 0:0:0:0:0:0:0:1/128",
    "::/0, 0:0:0:0:0:0:0:0/0",
    "::ffff:10.0.0.1, 10.0.0.1/32",
    "::ffff:10.0.0.0/104, 10.0.0.0/8",
    "::ffff:0:0/96, 0.0.0.0/0",
  })
  void parse_addressOrRange_isThat(String text, String expected) {
    IpRange range = IpRange.parse(text);
    assertNotNull(range);
    assertEquals(expected, range.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "all", "10.0.0.1/33", "10.0.0.1/-1", "10.0.0.1/", "/8", "10.0.0/8", "010.0.0.1", "::1/129",
        "::ffff:10.0.0.0/90", "fe80::1%lo", "10.0.0.1/8/8", "10.0.0.1/8\n", " 10.0.0.1", "10.0.0.1/+8"
      })
  void parse_anythingElse_isNull(String text) {
    assertNull(IpRange.parse(text));
  }

  @Test
  void mapped_ipv4_isTheRangeInIpv6() {
    assertEquals(new IpRange("::ffff:10.0.0.0", 104), new IpRange("10.0.0.0", 8).mapped());
    IpRange ipv6 = new IpRange("2001:db8::", 32);
    assertEquals(ipv6, ipv6.mapped());
  }
}
