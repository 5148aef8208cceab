package io.isoline.controlplane.access;

import static io.isoline.controlplane.access.Asked.check;
import static io.isoline.controlplane.access.Asked.header;
import static io.isoline.controlplane.access.Asked.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.credentials.ExternalCheck;
import io.isoline.translator.credentials.Template;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuestionTest {

  private static Question question(String url, AskedRequest request) throws IOException {
    return Question.of(check(url), false, request);
  }

  @ParameterizedTest
  @CsvSource({
    "http://auth/, false, false, auth, 80",
    "https://auth.default.svc.cluster.local:9443/, true, false, auth.default.svc.cluster.local, 9443",
    "https://10.0.0.1/, true, false, 10.0.0.1, 443",
    "https://auth.corp/, true, false, auth.corp, 443",
    "https://auth.example.com/, true, true, auth.example.com, 443",
    "https://$host/, true, true, shop.example.com, 443",
    "$scheme://$http_host/, true, true, Shop.example.com, 8443",
  })
  void of_url_saysWhomToAsk(String url, boolean tls, boolean verified, String host, int port)
      throws IOException {
    assertEquals(
        new Question.Server(tls, verified, host, port, false),
        question(url, request("/")).server());
  }

  @ParameterizedTest
  @ValueSource(strings = {"[::1]:80", "a b", "a@b", "a:0", "a:99999", "", "a/b"})
  void of_hostThatIsNoName_isRefused(String authority) {
    AskedRequest request =
        new AskedRequest("GET", authority, "/", "http", "192.0.2.7", List.of());
    assertThrows(IOException.class, () -> question("http://$http_host/", request));
  }

  @Test
  void of_hostileValues_stayWhereTheyAre() throws IOException {
    AskedRequest request =
        request("/", header("x-evil", "a b\r\nX-New: 1\u0000\u00e9#?&%zz%41"), header("x-ok", "1"));
    Question question = question("http://auth/?x=$http_x_evil&y=1", request);
    List<String> lines = question.head().lines().toList();
    assertEquals(
        "GET /?x=a%20b%0D%0AX-New:%201%00%E9%23?&%25zz%41&y=1 HTTP/1.1", lines.getFirst());
    assertFalse(lines.stream().anyMatch(line -> line.startsWith("X-New")));
    assertTrue(lines.contains("x-ok: 1"));
  }

  @Test
  void of_urlThatGetsTooLong_isRefused() {
    AskedRequest request = request("/" + "a".repeat(20_000));
    assertThrows(IOException.class, () -> question("http://auth/?u=$request_uri", request));
  }

  @Test
  void of_headersOfTheOperatorsAuthor_goBeforeThoseOfTheRequest() throws IOException {
    ExternalCheck check =
        check("http://auth/")
            .withHeaders(
                List.of(
                    new ExternalCheck.Header("x-own", Template.parse("of $host")),
                    new ExternalCheck.Header("x-original-url", Template.parse("other")),
                    new ExternalCheck.Header("cookie", Template.parse(""))));
    Question question =
        Question.of(
            check,
            false,
            request(
                "/p", header("x-own", "client"), header("cookie", "a=1"), header("te", "trailers")));
    List<String> lines = question.head().lines().toList();
    assertTrue(lines.contains("x-own: of shop.example.com"), lines::toString);
    assertTrue(lines.contains("x-original-url: other"), lines::toString);
    for (String line : lines) {
      assertFalse(
          line.contains("client")
              || line.startsWith("cookie")
              || line.startsWith("te:")
              || line.startsWith("X-Original-URL"),
          line);
    }
  }
}
