package io.isoline.translator.backend;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EndpointAddressesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "169.254.0.1",
        "169.254.169.254",
        "169.254.255.255",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "224.0.0.1",
        "239.255.255.255",
        "255.255.255.255",
        "::",
        "0:0:0:0:0:0:0:0",
        "fe80::1",
        "febf:ffff::1",
        "ff00::",
        "ff02::1",
        "fd00:ec2::254",
        "fd00:ec2::23",
        "FD20:CE::254",
        "fd00:42::42",
        "::ffff:169.254.169.254",
        "::ffff:a9fe:a9fe",
        "::ffff:0.0.0.0",
        "::169.254.169.254",
        "::a9fe:a9fe",
        "::ffff:0:169.254.169.254",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::7f00:1",
        "2002:7f00:1::",
        "2001::1",
      })
  void objection_addressOfNoPod_isOneWhateverIsAllowed(String address) {
    assertNotNull(EndpointAddresses.objection(address, true));
    assertNotNull(EndpointAddresses.objection(address, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1", "127.1.2.3", "127.255.255.255", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1",
        "::ffff:7f00:1", "::127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::7f00:1", "::ffff:0:127.0.0.1"
      })
  void objection_loopback_isOneWhereItIsNotAllowed(String address) {
    assertNotNull(EndpointAddresses.objection(address, false));
    assertNull(EndpointAddresses.objection(address, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.0.0.0", "10.0.0.1", "100.64.0.1", "126.255.255.255", "128.0.0.1", "169.253.255.255",
        "169.255.0.0", "172.16.0.1", "192.168.1.1", "198.18.0.1", "223.255.255.255", "240.0.0.1",
        "2001:db8::1", "2001:1::1", "2003::1", "fc00::1", "fd00::1", "fd00:ec3::1", "fdff::1",
        "fe00::1", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1"
      })
  void objection_addressThatAPodCanHave_isNone(String address) {
    assertNull(EndpointAddresses.objection(address, false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "1.2.3", "01.2.3.4", "1.2.3.4.5", "fe80::1%eth0", "[::1]", ":"})
  void isAddress_otherText_isNot(String text) {
    assertFalse(EndpointAddresses.isAddress(text));
  }
}
