package io.isoline.translator.expression;

import static io.isoline.translator.expression.ExpressionTest.DECODED;
import static io.isoline.translator.expression.ExpressionTest.KEPT;
import static io.isoline.translator.expression.ExpressionTest.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.isoline.translator.model.HttpOptions.Paths;
import io.isoline.tries.Tries;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RewritingTest {

  private static Target target(String text) {
    return assertInstanceOf(Target.Reading.Good.class, Target.read(text)).target();
  }

  private static Rewriting.Result.Good write(
      String expression, String target, boolean query, Paths paths) {
    return assertInstanceOf(
        Rewriting.Result.Good.class,
        Rewriting.of(read(expression), List.of(target(target)), query, paths));
  }

  /**
   * What RE2 makes of a path by a pattern and a substitution. Not by the expressions of the JDK: they
   * can keep what a repeated group had matched before the engine went back.
   */
  private static String apply(Rewriting.Result.Good rewriting, String path) {
    // RE2/J has no \C; a character is a byte here.
    Matcher matcher = Pattern.compile(rewriting.pattern().replace("\\C", "(?s:.)")).matcher(path);
    assertTrue(matcher.matches(), () -> rewriting.pattern() + " on " + path);
    return java.util.regex.Pattern.compile("\\\\([0-9])")
        .matcher(rewriting.substitutions().getFirst())
        .replaceAll(
            each -> {
              String group = matcher.group(Integer.parseInt(each.group(1)));
              return group == null ? "" : java.util.regex.Matcher.quoteReplacement(group);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "/app(/|$)(.*)       ; /$2        ; /app            ; /",
        "/app(/|$)(.*)       ; /$2        ; /app?x=/y       ; /",
        "/app(/|$)(.*)       ; /$2        ; /app/x/y?q=1    ; /x/y",
        "/app(/|$)(.*)       ; /new$1$2   ; /app?x          ; /new",
        "/app(/|$)(.*)       ; /new$1$2   ; /app/x?x        ; /new/x",
        "/app(.*)            ; /$1        ; /app/x          ; /x",
        "/app(.*)            ; /$1        ; /app            ; /",
        "/app(.*)            ; /$1        ; /apple          ; /le",
        "/app(/.*)?          ; $1         ; /app            ; /",
        "/app(/.*)?          ; $1         ; /app/x          ; /x",
        "/app(/?)(.*)        ; /a$1$2     ; /app/x          ; /a/x",
        "/(?:.(|/)|b)(a|)    ; /x$1/$2    ; /c/a            ; /x/",
        "/app(/??)(.*)       ; /$1/$2     ; /app/x          ; //x",
        "/u/([^/]+)/(.*)     ; /$2/$1     ; /u/one/two/3    ; /two/3/one",
        "/(a)(b)(c)(d)(e)(f)(g)(h)(i)(j) ; /$10 ; /abcdefghij ; /a0",
        "/old                ; /new       ; /older/x?y      ; /new",
        "/                   ; /$1        ; /x/y            ; /",
        "/a/(.*)             ; new/$1     ; /a/b            ; /new/b",
        "/u/(?<name>[a-z]+)  ; /$name     ; /u/Bob          ; /Bob",
        "/x(.*)              ; /a/$1/b    ; /x/y            ; /a/y/b",
        "/x(.*)              ; /$1        ; /x%2Fy          ; /%2Fy",
        "/x(.*?)             ; /$1        ; /x/y            ; /",
        "/x(a|ab)            ; /$1        ; /xab            ; /a",
        "/x(/a|/b|c)         ; /$1        ; /x/b            ; /b",
        "/x(/a|/b|c)         ; /$1        ; /xc             ; /c",
        "/x(/|)(y(z)?)?      ; /$2-$3     ; /x/yz           ; /yz-z",
        "/x                  ; /$1/$2/y   ; /x/yz           ; /y",
        "/x()y               ; /$1/z      ; /xy             ; /z",
      })
  void rewriting_ofOnePath(String expression, String target, String path, String expected) {
    assertEquals(expected, apply(write(expression, target, true, DECODED), path));
  }

  @Test
  void rewriting_escapedSlashThatIsKept_isTakenForTheOneOfTheTarget() {
    assertEquals("/y", apply(write("/x(.*)", "/$1", true, KEPT), "/x%2fy"));
  }

  @ParameterizedTest
  @CsvSource({
    "/a/(.*), /$1, false",
    "/a/(.*), /$1/, true",
    "/a/([^/]+), /$1/x, false",
    "/a/([^/]*), /$1/x, true",
    "/a/([^/]*), /x$1/x, false",
    "/a/(b/)(c), /$1/x, true",
    "/a/(b)(c?), /$2$1/x, false",
    "/a/(b)(c?), /$2/$1/x, true",
  })
  void doubling_whereSlashesCanMeet(String expression, String target, boolean doubling) {
    assertEquals(doubling, write(expression, target, true, DECODED).doubling());
  }

  @Test
  void rewriting_withoutQuery_endsWithThePath() {
    assertEquals("/b", apply(write("/a/(.*)", "https://to.test/$1", false, DECODED), "/a/b"));
    assertEquals("/b", apply(write("/a(/.*)", "https://to.test$1", false, DECODED), "/a/b"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "/a(b)   ; /$name        ; the path has no group called name",
        "/a(b)   ; /$request_uri ; the path has no group called request_uri",
        "/(.{60})(.*) ; /$1$2    ; it is too large together with the expression of the path",
        "/((/(/(/(/(/a)))))) ; /$1$2$3$4$5$6 ; ",
      })
  void rewriting_thatCannotBe_saysWhy(String expression, String target, String why) {
    Rewriting.Result result =
        Rewriting.of(read(expression), List.of(target(target)), true, DECODED);
    if (why == null) {
      assertInstanceOf(Rewriting.Result.Good.class, result);
    } else {
      assertEquals(new Rewriting.Result.Bad(why), result);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/a$, a $ in it is not followed by 1 to 9 or by the name of a group",
    "/$0, a $ in it is not followed by 1 to 9 or by the name of a group",
    "/a//b, it has an empty or a relative element",
    "/../x, it has an empty or a relative element",
    "/x/., it has an empty or a relative element",
    "https://$1/x, it is a URL whose host is no plain name",
    "https://a_b/x, its host is followed by something that begins no path",
    "https://a.test:99999/, 99999 is no port",
    "https://, it is a URL whose host is no plain name"
  })
  void target_thatIsNone_saysWhy(String text, String why) {
    assertEquals(new Target.Reading.Bad(why), Target.read(text));
  }

  @Test
  void target_ofAUrl_hasItsServer() {
    assertEquals(new Target.Server("https", "a.test", 8443), target("https://a.test:8443/$1").server());
    assertEquals(new Target.Server("http", "a.test", 0), target("http://a.test$1").server());
    assertTrue(target("new/$1").lacksSlash());
    assertFalse(target("$1").lacksSlash());
  }

  /** The groups are those of a library that sees the path decoded, as nginx does. */
  @Test
  void rewriting_random_isThatOfAPathWithoutEscapes() {
    Tries.of(5_000)
        .run(
            draw -> {
              String text = "/" + ExpressionTest.random(draw, 2) + draw.of("", "", "c$");
              String path =
                  "/"
                      + String.join(
                          "", draw.list(0, 8, each -> each.of(ExpressionTest.PATH_CHARACTERS)));
              path = (path + draw.of("", "c", "c/", "c/a")).replaceAll("/+", "/");
              Matcher matcher = Pattern.compile("(?is)" + bytes(text).replace("$", "\\z")).matcher(path);
              if (!matcher.lookingAt()) {
                return;
              }
              String to = draw.of("/$1", "/$2", "/x$1", "/$1/$2", "$1", "/$1$2");
              if (!(Rewriting.of(read(text), List.of(target(to)), true, DECODED)
                  instanceof Rewriting.Result.Good good)) {
                return;
              }
              String encoded = EncodedPath.of(path, draw);
              String query = draw.of("", "?", "?a=/../b//c");
              String expected = to;
              for (int i = 1; i <= 2; i++) {
                String group = i > matcher.groupCount() ? null : matcher.group(i);
                expected = expected.replace("$" + i, group == null ? "" : group);
              }
              String rewritten = apply(good, encoded + query);
              assertEquals(
                  ("/" + expected).replaceAll("/+", "/"),
                  EncodedPath.decoded(rewritten).replaceAll("/+", "/"),
                  () -> text + " on " + encoded + query + " by " + good);
              assertTrue(rewritten.startsWith("/"), rewritten);
            });
  }

  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }
}
