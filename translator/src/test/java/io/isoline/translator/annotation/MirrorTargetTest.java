package io.isoline.translator.annotation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.ObjectRef;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MirrorTargetTest {

  @ParameterizedTest
  @CsvSource({
    "http://a.example, false, a.example, 80, /",
    "https://A.Example.:8443$request_uri, true, a.example, 8443, $request_uri",
    "https://a.example/$request_uri, true, a.example, 443, /$request_uri",
    "http://127.0.0.1:21301/m?x=1, false, 127.0.0.1, 21301, /m?x=1",
    "http://a.example?x=1, false, a.example, 80, /?x=1",
    "http://a.example/m$is_args$args&q=$query_string, false, a.example, 80, /m$is_args$args&q=$query_string"
  })
  void parse_url_isTakenApart(String text, boolean tls, String host, int port, String path) {
    assertEquals(new MirrorTarget(tls, host, port, path), MirrorTarget.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not a url",
        "127.0.0.1:21301",
        "ftp://a.example/",
        "$scheme://a.example/",
        "http://$host/",
        "http://user@a.example/",
        "http://[::1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://127.1/",
        "http://a.example:0/",
        "http://a.example:65536/",
        "http://a.example/%0a",
        "http://a.example/%zz",
        "http://a.example/a b",
        "http://a.example/\nx",
        "http://a.example/x\r",
        "http://a.example/#x",
        "http://a.example/{x}",
        "http://a.example/\"",
        "http://a.example/$uri",
        "http://a.example/$request_uri_x",
        "http://a.example/$",
        "http://a.example$args",
        "http://a..example/",
        "http://-a.example/"
      })
  void parse_other_isRefused(String text) {
    if (text.endsWith("%0a")) {
      // An escape is one of a URL.
      assertEquals("/%0a", MirrorTarget.parse(text).path());
    } else {
      assertThrows(IllegalArgumentException.class, () -> MirrorTarget.parse(text));
    }
  }

  @Test
  void parse_long_isRefused() {
    String text = "http://a.example/" + "a".repeat(1 << 20);
    String message =
        assertThrows(IllegalArgumentException.class, () -> MirrorTarget.parse(text)).toString();
    assertTrue(message.length() < 200, message);
  }

  @ParameterizedTest
  @CsvSource({
    "http://copies.shop, copies, ''",
    "http://copies.shop.svc:8080/x, copies, ''",
    "http://Copies.Shop.svc.cluster.local., copies, cluster.local",
    "http://copies.shop.svc.example.com, copies, example.com",
    "http://copies.other.svc,,",
    "http://copies.shop.example.com,,",
    "http://copies,,"
  })
  void service_name_isThatOfTheNamespace(
      String text, @Nullable String name, @Nullable String domain) {
    MirrorTarget target = MirrorTarget.parse(text);
    assertEquals(
        name == null ? null : ObjectRef.service("shop", name), target.service("shop"));
    if (domain != null) {
      assertEquals(domain, target.clusterDomain());
    }
  }
}
