package io.isoline.translator.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExternalCheckTest {

  @Test
  void parse_text_isTheSameCheck() {
    ExternalCheck all =
        new ExternalCheck(
            "shop/web",
            AuthUrl.parse("https://$host/a?b=$request_uri"),
            "POST",
            "/home",
            List.of(
                new ExternalCheck.Header("x-a", Template.parse("1 $host  2")),
                new ExternalCheck.Header("x-b", Template.parse(""))),
            List.of("x-user", "x-groups"),
            Template.parse("https://login.example/?rd=$escaped_request_uri"),
            Template.parse("$http_authorization"),
            CacheTimes.parse("200 5m, any 1"));
    ExternalCheck least =
        new ExternalCheck(
            "shop/web",
            AuthUrl.parse("http://auth/"),
            "",
            "",
            List.of(),
            List.of(),
            null,
            null,
            List.of());
    for (ExternalCheck check : List.of(all, least)) {
      assertEquals(check, ExternalCheck.parse(check.text()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "owner a/b\n",
        "url http://auth/\nnew-protection on\n",
        "url http://auth/{}\n",
        "url http://auth/\ncache-time x\n",
        "url http://auth/\nheader x\n",
        "url",
      })
  void parse_whatIsNotKnown_isRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> ExternalCheck.parse(text));
  }
}
