package io.isoline.translator.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.model.HttpOptions.Paths.EscapedSlashes;
import io.isoline.translator.model.HttpOptions.Paths;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The right-hand sides are what Envoy 1.40 was seen to make of such a path in a request. */
final class PathReadingTest {

  private static PathReading of(@Nullable String path, @Nullable String pathType) {
    return PathReading.of(path, pathType, new Paths(EscapedSlashes.DECODE, true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/                 | /",
        "/foo              | /foo",
        "/Foo              | /Foo",
        "/foo/             | /foo/",
        "/a-b_c.d~e        | /a-b_c.d~e",
        "/!$&'()*+,;=:@    | /!$&'()*+,;=:@",
        "/a b              | /a%20b",
        "/a[b]             | /a[b]",
        "/a{b}|/a%7Bb%7D",
        "/a\"b^`<>         | /a%22b%5E%60%3C%3E",
        "/\u00e9           | /%C3%A9",
        "/\ud83d\ude00     | /%F0%9F%98%80",
        "/%c3%a9           | /%C3%A9",
        "/%41dmin          | /Admin",
        "/%7euser%2Dx      | /~user-x",
        "/a%2eb            | /a.b",
        "/a%3bb            | /a%3Bb",
        "/%61%7a%41%5a%30%39 | /azAZ09",
        "/%60%7B%40%5B%3A  | /%60%7B%40%5B%3A",
        "/a%20b            | /a%20b",
        "/a%2541           | /a%2541",
        "/...              | /...",
        "/.a/b.            | /.a/b.",
      })
  void of_exactPath_isAsEnvoySeesIt(String path, String canonical) {
    assertEquals(
        canonical,
        assertInstanceOf(PathReading.Usable.class, of(path, "Exact")).match().path());
  }

  @ParameterizedTest
  @CsvSource({"/foo/,/foo", "/,/", "/foo/bar/,/foo/bar"})
  void of_prefix_hasNoSlashAtItsEnd(String path, String canonical) {
    assertEquals(
        canonical,
        assertInstanceOf(PathReading.Usable.class, of(path, "Prefix")).match().path());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "null",
      value = {
        "foo         | Prefix | does not start",
        "//          | Prefix | //",
        "/a//b       | Prefix | //",
        "/a/./b      | Exact  | /./",
        "/a/../b     | Exact  | /../",
        "/a/..       | Prefix | relative",
        "/.          | Prefix | relative",
        "/a/%2e%2e/b | Prefix | relative",
        "/a/%2E      | Exact  | relative",
        "/a/.%2e/b   | Exact  | relative",
        "/a/..;x/b   | Prefix | relative",
        "/a/.;/b     | Exact  | relative",
        "/a%2Fb      | Prefix | %2f",
        "/a%5cb      | Prefix | %5c",
        "/a\\b       | Prefix | expression",
        "/a?b        | Prefix | query",
        "/a#b        | Prefix | fragment",
        "/a%         | Prefix | hexadecimal",
        "/a%4        | Prefix | hexadecimal",
        "/a%zz       | Prefix | hexadecimal",
        "/a%00       | Prefix | %00",
        "null        | Prefix | missing",
        "''          | Exact  | missing",
        "/           | null   | pathType is missing",
        "/           | prefix | \"prefix\"",
        "/           | ''     | \"\"",
      })
  void of_pathThatNoRequestHas_saysWhyAndWhatToDo(
      @Nullable String path, @Nullable String pathType, String word) {
    var bad = assertInstanceOf(PathReading.Unusable.class, of(path, pathType));

    assertTrue(bad.message().contains(word), bad.message());
    assertFalse(bad.fix().isEmpty());
  }

  @ParameterizedTest
  @CsvSource({"900, %20, true", "901, %20, false", "901, a, true"})
  void of_longPathWithEscapes_isUsableUpToALimit(int length, String end, boolean usable) {
    String path = "/" + "a".repeat(length - 1 - end.length()) + end;
    assertEquals(usable, of(path, "Exact") instanceof PathReading.Usable);
  }

  @Test
  void of_controlCharacter_isUnusable() {
    assertInstanceOf(PathReading.Unusable.class, of("/a\u0000b", "Prefix"));
  }

  @Test
  void of_implementationSpecificWithoutPath_isEverything() {
    for (String path : new String[] {null, ""}) {
      var usable =
          assertInstanceOf(
              PathReading.Usable.class, of(path, "ImplementationSpecific"));
      assertEquals("Prefix /", usable.match().toString());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api(/&$)(.*)   | Prefix                 | (",
        "/api(/&$)(.*)   | Exact                  | (",
        "/api(/&$)(.*)   | ImplementationSpecific | (",
        "/posts/*        | Prefix                 | *",
        "/*              | Exact                  | *",
        "/v[0-9]+        | Prefix                 | [",
        "/users/{id}     | Exact                  | {",
        "/end$           | Prefix                 | $",
        "/x/.+           | Prefix                 | .",
        "/(a&b)          | Exact                  | &",
        "/foo(bar)       | ImplementationSpecific | (",
        "/$batch         | ImplementationSpecific | $",
      })
  void of_expression_isTakenLiterallyAndSaysSo(String path, String pathType, String sign) {
    var usable =
        assertInstanceOf(
            PathReading.Usable.class, of(path.replace('&', '|'), pathType));

    assertNotNull(usable.difference());
    assertTrue(usable.difference().contains("taken literally"), usable.difference());
    assertTrue(
        usable.difference().endsWith(sign.replace('&', '|') + " stands for itself"),
        usable.difference());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/foo(bar)", "/Users('1')", "/$metadata", "/$batch", "/a+b", "/a,b;c=d", "/wiki/Foo_(film)",
        "/posts/:id/comments", "/v1.2/x"
      })
  void of_plainPathWithOddCharacters_isNotDoubted(String path) {
    for (String pathType : new String[] {"Prefix", "Exact"}) {
      assertNull(
          assertInstanceOf(PathReading.Usable.class, of(path, pathType)).difference(),
          path);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/posts/?(.*)  | write the plain prefix /posts,",
        "/posts/?      | write the plain prefix /posts,",
        "/posts/?$     | write the plain prefix /posts,",
        "public\\.php   | write the plain prefix /public.php,",
        "/public\\.php  | write the plain prefix /public.php,",
        "^/foo         | write the plain prefix /foo,",
        "^/foo/.*$     | write the plain prefix /foo,",
        "/\\d+          | write each path",
        "api/(v1&v2)   | write each path",
        "/x/(.*)?      | write the plain prefix /x,",
      })
  void of_expressionThatNoRequestCanHave_saysThatItIsOne(String path, String fix) {
    for (String pathType : new String[] {"Prefix", "Exact", "ImplementationSpecific"}) {
      var bad =
          assertInstanceOf(
              PathReading.Unusable.class, of(path.replace('&', '|'), pathType));

      assertTrue(bad.message().contains("is an expression"), bad.message());
      assertTrue(bad.fix().startsWith(fix), bad.fix());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api(/&$)(.*)     | /api",
        "/api(?:/&$)(.*)   | /api",
        "/api(/.*)?        | /api",
        "/api/.*           | /api",
        "/api/(.*)         | /api",
        "/api/*            | /api",
        "/(.*)             | /",
        "/*                | /",
        "/.*               | /",
      })
  void fix_everythingBelowAPrefix_isThePrefix(String path, String plain) {
    assertEquals(
        "write the plain prefix " + plain + ", with pathType: Prefix",
        PathExpression.fix(path.replace('&', '|')));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v[0-9]+", "/(a|b)", "/a|/b", "/a/(b|c)/d", "/a{2}"})
  void fix_whatNoPrefixHasAlone_isEachPath(String path) {
    assertTrue(PathExpression.fix(path).startsWith("write each path"), PathExpression.fix(path));
  }

  @Test
  void fix_veryLongExpression_isFoundAllTheSame() {
    String path = "/" + "a(b|c)*".repeat(50_000);
    assertTrue(PathExpression.isMeant(path));
    assertTrue(PathExpression.fix(path).startsWith("write each path"));
  }

  @ParameterizedTest
  @CsvSource({
    "/a%2Fb, KEEP, true, true",
    "/a%5cb, KEEP, true, true",
    "/a%2Fb, KEEP, false, true",
    "/a//b, KEEP, false, true",
    "/a//b, KEEP, true, false",
    "/a//, KEEP, false, false",
    "//, DECODE, false, false",
    "/a//b, DECODE, false, true",
    "/a//b, REJECT, false, true",
    "/a//b, REDIRECT, false, false",
    "/a%2Fb, REJECT, true, false",
    "/a%2Fb, REDIRECT, true, false",
    "/a%2Fb, DECODE, false, false",
    "/a%2F..%2fb, KEEP, true, false",
    "/a%5C.%2Fb, KEEP, false, false",
    "/a%2F.., KEEP, false, false",
    "/a%2F%00, KEEP, false, false",
  })
  void of_slashesThatRequestsKeep_canBeMatched(
      String path, EscapedSlashes escaped, boolean merge, boolean usable) {
    PathReading reading = PathReading.of(path, "Prefix", new Paths(escaped, merge));

    assertEquals(usable, reading instanceof PathReading.Usable, reading::toString);
  }

  /** Envoy takes no larger programs of RE2. */
  @ParameterizedTest
  @CsvSource({
    "800, 9, true", "900, 1, false", "400, 50, true", "400, 51, false", "10000, 1, false"
  })
  void of_longPathInSeveralSpellings_isUsableUpToALimit(int length, int slashes, boolean usable) {
    String path = "/a".repeat(slashes) + "b".repeat(length - 2 * slashes);

    assertEquals(
        usable,
        PathReading.of(path, "Prefix", new Paths(EscapedSlashes.KEEP, true))
            instanceof PathReading.Usable);
    assertInstanceOf(PathReading.Usable.class, of(path, "Prefix"));
  }
}
