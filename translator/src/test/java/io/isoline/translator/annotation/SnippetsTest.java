package io.isoline.translator.annotation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.settings.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SnippetsTest {

  private static final String NAME = Annotations.NGINX_PREFIX + "configuration-snippet";

  private record Read(Policy policy, Verdict verdict) {
    static Read of(String snippet) {
      List<Verdict> verdicts = new ArrayList<>();
      Policy policy =
          Annotations.read(ObjectRef.ingress("default", "web"), Map.of(NAME, snippet), Profile.STRICT, verdicts);
      assertEquals(1, verdicts.size());
      return new Read(policy, verdicts.getFirst());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "more_set_headers \"X-Frame-Options: DENY\"; | isoline.io/set-response-headers: \"X-Frame-Options: DENY\"",
        "add_header X-A 'b c' always; | isoline.io/set-response-headers: \"X-A: b c\"",
        "more_set_headers 'X-A: 1' 'X-B: 2'; | isoline.io/set-response-headers: \"X-A: 1\\nX-B: 2\"",
        "more_clear_headers Server; | isoline.io/remove-response-headers: \"Server\"",
        "proxy_hide_header X-Powered-By; | isoline.io/remove-response-headers: \"X-Powered-By\"",
        "proxy_set_header X-Team shop; | isoline.io/set-request-headers: \"X-Team: shop\"",
        "proxy_set_header Accept-Encoding \"\"; | isoline.io/remove-request-headers: \"Accept-Encoding\"",
        "proxy_set_header Host inner.test; | isoline.io/upstream-vhost: \"inner.test\"",
        "more_set_input_headers \"X-A: b\"; | isoline.io/set-request-headers: \"X-A: b\"",
        "return 301 https://www.a.test/new; | isoline.io/permanent-redirect: \"https://www.a.test/new\"",
        "return 302 https://www.a.test/; | isoline.io/temporal-redirect: \"https://www.a.test/\"",
        "if ($scheme = http) { return 301 https://$host$request_uri; } | isoline.io/force-ssl-redirect: \"true\"",
        "if ($scheme != \"https\") { return 308 https://$http_host$request_uri; } | isoline.io/force-ssl-redirect: \"true\"",
        "rewrite ^/api/(.*)$ /$1 break; | isoline.io/rewrite-target: \"/$1\", isoline.io/use-regex: \"true\", with the path /api/(.*)$",
        "rewrite ^ https://b.test/ permanent; | isoline.io/permanent-redirect: \"https://b.test/\"",
        "proxy_read_timeout 300s; | isoline.io/proxy-read-timeout: \"300\"",
        "proxy_ssl_name $host; proxy_ssl_server_name on; | isoline.io/proxy-ssl-name: \"$host\", isoline.io/proxy-ssl-server-name: \"on\"",
        "proxy_ssl_protocols TLSv1.1 TLSv1.2 TLSv1.3; | isoline.io/proxy-ssl-protocols: \"TLSv1.2 TLSv1.3\"",
        "client_max_body_size 50m; | isoline.io/proxy-body-size: \"50m\"",
      })
  void idiom_hasItsAnnotation(String snippet, String replacement) {
    Read read = Read.of(snippet);
    assertEquals(Outcome.REFUSED, read.verdict().outcome());
    assertEquals("remove it, and write " + replacement, read.verdict().fix());
    assertTrue(read.verdict().message().endsWith("annotations do all of it"), read.verdict()::message);
    assertFalse(read.policy().denied());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "deny 10.0.0.1; | isoline.io/denylist-source-range: \"10.0.0.1\"",
        "allow 10.0.0.0/8; deny all; | isoline.io/allowlist-source-range: \"10.0.0.0/8\"",
        "deny all; | isoline.io/denylist-source-range: \"0.0.0.0/0,::/0\"",
        "auth_request /auth; | let the backend do it",
        "limit_req zone=a; | let the backend do it",
        "location /admin { return 403; } | let the backend do it",
        "if ($http_x = 1) { return 403; } | let the backend do it",
        "access_by_lua_block { ngx.exit(403) } | let the backend do it",
        "satisfy any; | let the backend do it",
      })
  void protectingSnippet_closesThePaths(String snippet, String fix) {
    Read read = Read.of(snippet);
    assertTrue(read.policy().denied());
    assertEquals(Outcome.REFUSED, read.verdict().outcome());
    assertTrue(read.verdict().message().contains("503"), read.verdict()::message);
    assertTrue(read.verdict().fix().contains(fix), read.verdict()::fix);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "proxy_set_header X-Real-IP $remote_addr;",
        "proxy_set_header Host $host; proxy_set_header X-Forwarded-Proto $scheme;",
        "proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection \"upgrade\";",
        "# nothing",
        " ",
      })
  void soAnyway_isSaid(String snippet) {
    assertEquals(Outcome.APPLIED, Read.of(snippet).verdict().outcome());
  }

  @Test
  void partlyKnown_theRestIsNamed() {
    Read read = Read.of("more_set_headers 'X-A: b'; sub_filter a b; set $x $request_id;");
    assertEquals(
        "nothing of a snippet is run; no annotation does what set, sub_filter do",
        read.verdict().message());
    assertTrue(read.verdict().fix().contains("X-A: b"), read.verdict()::fix);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "more_set_headers \"X-A: $host\";",
        "proxy_set_header Transfer-Encoding x;",
        "more_set_headers \"X-Envoy-A: b\";",
        "add_header;",
        "return;",
        "}}}{{{;;;",
        "\"",
        "\\",
        "${",
        "$",
        "a{b",
      })
  void hostileOrBroken_hasNoReplacementAndHarmsNobody(String snippet) {
    Read read = Read.of(snippet);
    assertFalse(read.policy().denied());
    assertFalse(read.verdict().fix().contains("isoline.io/"), read.verdict()::fix);
  }

  @Test
  void wordOfAVariable_isOneWord() {
    assertEquals(
        List.of("set", "$a", "${host}b"),
        SnippetReader.read("set $a ${host}b;").getFirst().words());
    assertEquals(
        List.of("set", "a\"b", "\\d"), SnippetReader.read("set 'a\\\"b' \\d;").getFirst().words());
  }

  @Test
  void manyDirectives_areReadToALimit() {
    assertEquals(200, SnippetReader.read("a b;".repeat(100_000)).size());
  }
}
