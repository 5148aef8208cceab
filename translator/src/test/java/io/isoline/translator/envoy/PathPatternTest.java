package io.isoline.translator.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.translator.model.HttpOptions.Paths.EscapedSlashes;
import io.isoline.translator.model.HttpOptions.Paths;
import io.isoline.translator.model.PathMatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What paths match where a slash can have several spellings. */
final class PathPatternTest {

  private static final Paths KEEP = new Paths(EscapedSlashes.KEEP, true);

  /** Java knows all of the expressions but that for any byte. */
  private static boolean matches(Paths paths, PathMatch match, String path) {
    String regex = new PathPattern(paths).match(match).getSafeRegex().getRegex();
    return path.matches(regex.replace("\\C", "."));
  }

  @ParameterizedTest
  @CsvSource({
    "/admin, true",
    "/admin/x, true",
    "/admin%2Fx, true",
    "/admin%5cx, true",
    "//admin, true",
    "/%2fadmin, true",
    "%2Fadmin, true",
    "/%5C/%2f/admin//, true",
    "/administrator, false",
    "/Admin, false",
    "/x/admin, false",
    "/admin%20, false",
    "/, false",
  })
  void match_prefixWithKeptEscapes_hasAllSpellings(String path, boolean matches) {
    assertEquals(matches, matches(KEEP, new PathMatch.Prefix("/admin"), path));
  }

  @ParameterizedTest
  @CsvSource({
    "/a/b, true", "/a%2Fb, true", "/a//b, true", "/a/b/, false", "/a/bc, false", "/axb, false",
  })
  void match_exactWithKeptEscapes_hasAllSpellings(String path, boolean matches) {
    assertEquals(matches, matches(KEEP, new PathMatch.Exact("/a/b"), path));
  }

  @ParameterizedTest
  @CsvSource({"/, true", "//, true", "/%2F, true", "/a, false"})
  void match_exactRoot_hasNothingButSlashes(String path, boolean matches) {
    assertEquals(matches, matches(KEEP, new PathMatch.Exact("/"), path));
  }

  @ParameterizedTest
  @CsvSource({
    "/a%2Fb, true", "/a%2fb, true", "//a%2Fb/c, true", "/a/b, false", "/a%5Cb, false",
  })
  void match_escapeInTheRule_isThatEscape(String path, boolean matches) {
    assertEquals(matches, matches(KEEP, new PathMatch.Prefix("/a%2Fb"), path));
  }

  @ParameterizedTest
  @CsvSource({
    "/a//b, true", "//a//b/c, true", "/a/b, false", "/a///b, false", "/a%2F/b, false",
  })
  void match_twoSlashesInTheRule_areTwo(String path, boolean matches) {
    Paths paths = new Paths(EscapedSlashes.DECODE, false);

    assertEquals(matches, matches(paths, new PathMatch.Prefix("/a//b"), path));
  }

  @ParameterizedTest
  @CsvSource({
    "/a.b/c+(d)[1]$, true", "/axb/c+(d)[1]$, false", "/a.b/cc(d)[1]$, false",
  })
  void match_charactersOfExpressions_standForThemselves(String path, boolean matches) {
    assertEquals(matches, matches(KEEP, new PathMatch.Exact("/a.b/c+(d)[1]$"), path));
  }

  @Test
  void match_oneSpelling_isThePathAsItIs() {
    PathPattern pattern = new PathPattern(new Paths(EscapedSlashes.REDIRECT, false));

    assertEquals("/a", pattern.match(new PathMatch.Exact("/a")).getPath());
    assertEquals("/a", pattern.match(new PathMatch.Prefix("/a")).getPathSeparatedPrefix());
    assertEquals("/", new PathPattern(KEEP).match(PathMatch.ALL).getPrefix());
  }

  @Test
  void match_expression_isTakenAsItIs() {
    assertEquals(
        "/v[0-9]+/.*",
        new PathPattern(KEEP)
            .match(new PathMatch.Expression("/v", "/v[0-9]+/.*", 2))
            .getSafeRegex()
            .getRegex());
  }
}
