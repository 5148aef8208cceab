package io.isoline.translator.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.model.HttpOptions.Paths;
import io.isoline.translator.model.HttpOptions.Paths.EscapedSlashes;
import io.isoline.tries.Draw;
import io.isoline.tries.Tries;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ExpressionTest {

  static final Paths DECODED = new Paths(EscapedSlashes.DECODE, true);
  static final Paths KEPT = new Paths(EscapedSlashes.KEEP, true);
  private static final Paths UNMERGED = new Paths(EscapedSlashes.DECODE, false);

  static Expression read(String text) {
    return assertInstanceOf(
            Expression.Reading.Good.class, Expression.read(text), () -> Expression.read(text) + "")
        .expression();
  }

  private static boolean matches(String expression, String path, Paths paths) {
    String regex = read(expression).matching(paths);
    assertNotNull(regex);
    return Pattern.matches(regex, path);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "/foo            ; /foo         ; true",
        "/foo            ; /FOObar/x    ; true",
        "/foo            ; /x/foo       ; false",
        "/foo$           ; /foo         ; true",
        "/foo$           ; /foo/        ; false",
        "/app(/|$)(.*)   ; /app         ; true",
        "/app(/|$)(.*)   ; /app/x/y     ; true",
        "/app(/|$)(.*)   ; /apple       ; false",
        "/a\\sb          ; /a%20b       ; true",
        "/a b            ; /a%20b       ; true",
        "/a%20b          ; /a%20b       ; true",
        "/a%2520b        ; /a%2520b     ; true",
        "/a%2520b        ; /a%20b       ; false",
        "/caf\u00e9      ; /caf%c3%A9   ; true",
        "/caf\u00e9      ; /CAF%C3%A9s  ; true",
        "/caf\u00e9+$    ; /caf%c3%A9%C3%a9 ; true",
        "/a(b            ; /            ; ",
        "/a\\(b          ; /a(b         ; true",
        "/a\\(b          ; /a%28b       ; true",
        "/a{1,2}$        ; /aA          ; true",
        "/a{1,2}$        ; /aaa         ; false",
        "/a{x}           ; /a%7Bx%7d    ; true",
        "/a{x}           ; /a{x}        ; true",
        "/[^/]+/x        ; /a%3Bb/x     ; true",
        "/[^/]+/x        ; /a/b/x       ; false",
        "/v[0-9]+\\.js$  ; /v12.js      ; true",
        "/v[0-9]+\\.js$  ; /v12xjs      ; false",
        "/.\\.js$        ; /%3f.js      ; true",
        "/.\\.js$        ; /%3f%3f.js   ; false",
        "/(.*)e$         ; /a%3e        ; false",
        "/(.*)e$         ; /a%65        ; false",
        "/a|/b           ; /b           ; true",
        "/a|/b           ; /x/b         ; false",
        "/a|^/b          ; /b           ; true",
        "/(?:a|b)(?<n>c) ; /bc          ; true",
        "/[[:digit:]-]+$ ; /1-2         ; true",
        "/[]a]+$         ; /a]A         ; true",
        "/\\Qa.b\\E$     ; /a.b         ; true",
        "/\\Qa.b\\E$     ; /axb         ; false",
        "/a(?i)b         ; /AB          ; true",
        "/a\\x41\\x{42}  ; /aab         ; true",
        "/a\\wz          ; /a_z         ; true",
        "/a\\Wz          ; /a%20z       ; true",
        "/a.z            ; /a%0Az       ; true",
      })
  void matching_onePath(String expression, String path, Boolean matches) {
    if (matches == null) {
      assertInstanceOf(Expression.Reading.Bad.class, Expression.read(expression));
    } else {
      assertEquals(matches, matches(expression, path, DECODED));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/a/b, /a/b, true",
    "/a/b, /a%2Fb, true",
    "/a/b, /a%5cb, true",
    "/a[^/]b, /a%2Fb, false",
    "/a[^/]b, /a%5cb, false",
    "/a[^/]b, /a%5Db, true",
    "/a.b, /a%2fb, true",
    "/a[/x]b, /a%2fb, true",
  })
  void matching_escapedSlashesThatAreKept_areSlashes(
      String expression, String path, boolean matches) {
    assertEquals(matches, matches(expression, path, KEPT));
  }

  @Test
  void matching_slashesThatAreNotMerged_areOne() {
    assertTrue(matches("/admin/x", "//admin///x", UNMERGED));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "/(?!api)(.*)      ; (?! is negative look-ahead, which RE2 lacks",
        "/(?=a)            ; (?= is look-ahead, which RE2 lacks",
        "/(?<=a)b          ; (?<= is look-behind, which RE2 lacks",
        "/(?<!a)b          ; (?<! is negative look-behind, which RE2 lacks",
        "/(?>a)            ; (?> is an atomic group, which RE2 lacks",
        "/(?|a)            ; (?| is a branch reset, which RE2 lacks",
        "/(?(1)a)          ; (?( is a condition, which RE2 lacks",
        "/(a)(?P=n)        ; (?P= is a back-reference, which RE2 lacks",
        "/(?R)             ; (?R is not supported",
        "/(?-i)a           ; (?- is not supported",
        "/(*UTF8)a         ; (* begins a verb, which RE2 lacks",
        "/(a)\\1           ; \\1 is a back-reference, which RE2 lacks",
        "/(a)\\k<n>        ; \\k is a back-reference, which RE2 lacks",
        "/a++              ; ++ is a possessive quantifier, which RE2 lacks",
        "/a{2}+            ; {2}+ is a possessive quantifier, which RE2 lacks",
        "/a**              ; * repeats a repetition",
        "/*a               ; ",
        "/(*a)             ; (* begins a verb, which RE2 lacks",
        "/(?:*a)           ; nothing is before * that it could repeat",
        "/a|*              ; nothing is before * that it could repeat",
        "/$*               ; * repeats $, which is not one character or group",
        "/(a|$)+           ; a $ is in something that + repeats",
        "/a{3,2}           ; {3,2} has more first than last",
        "/a{1001}          ; something is repeated more than 1000 times",
        "/a^b              ; ^ stands for the beginning, and is after it",
        "/(a               ; a ( has no ) after it",
        "/a)               ; a ) has no ( before it",
        "/[a               ; a [ has no ] after it",
        "/[]               ; a [ has no ] after it",
        "/[\\              ; a [ has no ] after it",
        "/[b-a]            ; a range in brackets ends before it begins",
        "/[a-\\d]          ; a range in brackets ends before it begins",
        "/[[:nope:]]       ; there is no class of characters of that name",
        "/[\u00e9]         ; a character that is not ASCII is in brackets",
        "/a\\              ; it ends with a backslash",
        "/a\\bc            ; \\b asks for the edge of a word, and paths come percent-encoded",
        "/\\pL             ; \\p is not supported",
        "/\\x4             ; \\x is not followed by two hexadecimal digits",
        "/(?<a>b)(?<a>c)   ; two groups are called a",
      })
  void read_whatRe2LacksOrNobodyCanRead_isRefusedByName(String text, String why) {
    if (why == null) {
      read(text);
    } else {
      assertEquals(new Expression.Reading.Bad(why), Expression.read(text));
    }
  }

  @Test
  void read_nestedTooDeepOrTooLong_isRefused() {
    for (String text :
        List.of("(".repeat(60) + "a" + ")".repeat(60), "/" + "a".repeat(500), "(?:".repeat(166))) {
      assertInstanceOf(Expression.Reading.Bad.class, Expression.read(text));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/(a{100}){10}",
        "/((a{30}){30}){30}",
        "/(((((((((a{9}){9}){9}){9}){9}){9}){9}){9}){9}){9}",
        "/(.{1,50}b){2}",
        "/[a-f%20]{999}"
      })
  void matching_tooLarge_isNull(String text) {
    assertNull(read(text).matching(DECODED));
  }

  @ParameterizedTest
  @CsvSource({
    "/, 1",
    "/abc, 4",
    "/api/v1/.*, 8",
    "/api(/|$)(.*), 4",
    "/(api)/[0-9], 5",
    "/(api|app)/x, 4",
    "/api|/x, 2",
    "/a+b, 2",
    "/a?b, 1",
    ".*, 0",
    "/caf\u00e9, 6"
  })
  void literalPrefix(String text, int length) {
    assertEquals(length, read(text).literalPrefix());
  }

  /** Whatever is written, it is read or refused, and what is read can be compiled. */
  @Test
  void read_anything_isAnExpressionOrRefused() {
    Tries.of(3_000)
        .run(
            draw -> {
              String text =
                  "/"
                      + String.join(
                          "",
                          draw.list(
                              0,
                              12,
                              each ->
                                  each.of(
                                      "a", "/", "(", ")", "[", "]", "|", "*", "+", "?", "{1,3}",
                                      ".", "\\", "$", "^", "-", "(?:", "(?<n>", "%2", "\n", "\u00e9",
                                      "{", "}", "\\d", "[^", "&&", "[:", "'", "\"", "#", "\ud83d")));
              if (Expression.read(text) instanceof Expression.Reading.Good(Expression expression)) {
                for (Paths paths : List.of(DECODED, KEPT, UNMERGED)) {
                  String regex = expression.matching(paths);
                  if (regex != null) {
                    Pattern.compile(regex);
                    assertTrue(regex.chars().allMatch(c -> c > ' ' && c < 127), regex);
                  }
                }
              }
            });
  }

  /** The same texts match as in a library that sees the path decoded, as nginx does. */
  @Test
  void matching_random_isThatOfAPathWithoutEscapes() {
    Tries.of(5_000)
        .run(
            draw -> {
              String text = "/" + random(draw, 3);
              String path =
                  "/" + String.join("", draw.list(0, 8, each -> each.of(PATH_CHARACTERS)));
              String encoded = EncodedPath.of(path, draw);
              if (read(text).matching(DECODED) == null) {
                return; // It is too large.
              }
              assertEquals(
                  reference(text).matcher(path).lookingAt(),
                  matches(text, encoded, DECODED),
                  () -> text + " on " + encoded + " by " + read(text).matching(DECODED));
            });
  }

  static final List<String> PATH_CHARACTERS =
      List.of("a", "b", "A", "/", ".", " ", "(", "\u00c3", "\u00a9", "%", "2", "e");

  /** A random expression without alternatives outside of parentheses. */
  static String random(Draw draw, int depth) {
    return String.join(
        "",
        draw.list(
            0,
            4,
            each -> {
              String atom =
                  switch (each.below(depth > 0 ? 12 : 9)) {
                    case 0 -> "a";
                    case 1 -> "b";
                    case 2 -> "/";
                    case 3 -> ".";
                    case 4 -> "[^/]";
                    case 5 -> "[a. ]";
                    case 6 -> "\\s";
                    case 7 -> "\\(";
                    case 8 -> "2e";
                    case 9 -> "(" + random(each, depth - 1) + ")";
                    case 10 -> "(" + random(each, depth - 1) + "|" + random(each, depth - 1) + ")";
                    default -> "(?:" + random(each, depth - 1) + "|b)";
                  };
              return atom.endsWith("2e") || atom.equals("()")
                  ? atom
                  : atom + each.of("", "", "", "*", "+", "?", "*?", "{2}", "{1,2}");
            }));
  }

  static Pattern reference(String text) {
    String bytes =
        new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    return Pattern.compile(
        bytes.replace("$", "\\z"), Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  }
}
