package io.isoline.translator.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HostReadingTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "http://b.example.com|has a scheme|write b.example.com",
        "HTTPS://b.example.com:8443/x|has a scheme|write b.example.com",
        "http://10.0.0.1/|has a scheme|write the name alone, without ://",
        "b.example.com/path|has a path|write b.example.com; the path goes to http.paths",
        "*.example.com/|has a path|write *.example.com; the path goes to http.paths",
        "b.example.com |has a blank|write b.example.com",
        " b.example.com|has a blank|write b.example.com",
        "b.example.com\u00a0|has a blank|write b.example.com",
        "b .example.com|has a blank|write b.example.com",
        "b.example.com:8080|has a port|write b.example.com",
        "b.example.com:|has a port|write b.example.com",
        "10.0.0.1|is an IP address|use a DNS name",
        "10.0.0.1:80|is an IP address|use a DNS name",
        "::1|is an IP address|use a DNS name",
        "[2001:db8::1]|is an IP address|use a DNS name",
        "[::1]:80|is an IP address|use a DNS name",
        "b\u00fccher.test|not ASCII|write xn--bcher-kva.test",
        "*.b\u00fccher.test|not ASCII|write *.xn--bcher-kva.test",
        "B\u00dcCHER.test|not ASCII|write xn--bcher-kva.test",
        "\u4f8b\u3048.test|not ASCII|write xn--r8jz45g.test",
        "stra\u00dfe.test|not ASCII|write the form that begins with xn--",
        "*.*.example.com|whole first label|write *.example.com",
        "a.*.com|whole first label|write *.example.com",
        "*|not allowed|leave host out",
        "*.|no name after the *|write *.example.com",
        "a.com.|ends with a dot|write a.com",
        "foo_bar.example.com|has a _|use - instead",
        "a@b.com|has a @|use labels",
        "a..com|two dots|use labels",
        ".com|two dots|use labels",
        "-a.com|begins or ends with -|use labels",
        "a-.com|begins or ends with -|use labels",
      })
  void of_noName_saysWhichMistakeAndWhatToWrite(String host, String mistake, String fix) {
    var bad = assertInstanceOf(HostReading.Unusable.class, HostReading.of(host));

    assertTrue(bad.message().contains("\"" + host + "\""), bad.message());
    assertTrue(bad.message().contains(mistake), bad.message());
    assertTrue(bad.fix().startsWith(fix), bad.fix());
    assertFalse(bad.message().contains("IP address or has a port"), bad.message());
  }

  @Test
  void of_controlCharacter_saysSo() {
    for (String end : new String[] {"\n", "\u001b", "\u0000"}) {
      var bad =
          assertInstanceOf(HostReading.Unusable.class, HostReading.of("b.example.com" + end));
      assertTrue(bad.message().contains("control character"), bad.message());
      assertEquals("write b.example.com", bad.fix());
    }
  }

  @Test
  void of_tooLong_saysHowLong() {
    var label =
        assertInstanceOf(HostReading.Unusable.class, HostReading.of("a".repeat(64) + ".com"));
    assertTrue(label.message().contains("64 letters"), label.message());
    var name =
        assertInstanceOf(HostReading.Unusable.class, HostReading.of("ab.".repeat(100) + "com"));
    assertTrue(name.message().contains("303 letters"), name.message());
    assertInstanceOf(HostReading.Unusable.class, HostReading.of("\u00e4.".repeat(100_000)));
  }

  @Test
  void of_name_isUsable() {
    var good = assertInstanceOf(HostReading.Usable.class, HostReading.of("xn--bcher-kva.test"));
    assertEquals("xn--bcher-kva.test", good.host().pattern());
  }
}
