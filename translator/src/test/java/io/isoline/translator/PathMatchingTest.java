package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.TestObjects.service;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which path of a rule gets a request.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/ingress/#examples">the
 *     table of examples</a>
 */
final class PathMatchingTest {

  /** Each path of a rule leads to a Service of its own, called like its place in the list. */
  @ParameterizedTest(name = "{0}: {1} -> {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        // The table of the Kubernetes documentation, row by row.
        "Prefix /                                   | /            | s0",
        "Prefix /                                   | /any/where   | s0",
        "Exact /foo                                 | /foo         | s0",
        "Exact /foo                                 | /bar         | default",
        "Exact /foo                                 | /foo/        | default",
        "Exact /foo/                                | /foo         | default",
        "Prefix /foo                                | /foo         | s0",
        "Prefix /foo                                | /foo/        | s0",
        "Prefix /foo/                               | /foo         | s0",
        "Prefix /foo/                               | /foo/        | s0",
        "Prefix /aaa/bb                             | /aaa/bbb     | default",
        "Prefix /aaa/bbb                            | /aaa/bbb     | s0",
        "Prefix /aaa/bbb/                           | /aaa/bbb     | s0",
        "Prefix /aaa/bbb                            | /aaa/bbb/    | s0",
        "Prefix /aaa/bbb                            | /aaa/bbb/ccc | s0",
        "Prefix /aaa/bbb                            | /aaa/bbbxyz  | default",
        "Prefix /, Prefix /aaa                      | /aaa/ccc     | s1",
        "Prefix /, Prefix /aaa, Prefix /aaa/bbb     | /aaa/bbb     | s2",
        "Prefix /, Prefix /aaa, Prefix /aaa/bbb     | /ccc         | s0",
        "Prefix /aaa                                | /ccc         | default",
        "Prefix /foo, Exact /foo                    | /foo         | s1",
        // What the table leaves open.
        "Prefix /foo, Exact /foo                    | /foo/bar     | s0",
        "Exact /foo/                                | /foo/        | s0",
        "Exact /                                    | /            | s0",
        "Exact /                                    | /foo         | default",
        "Prefix /Foo                                | /foo         | default",
        "Exact /foo/bar, Prefix /foo/bar/baz        | /foo/bar     | s0",
        "Exact /foo, Prefix /foo/bar                | /foo/bar     | s1",
        "ImplementationSpecific /foo                | /foo/bar     | s0",
        "ImplementationSpecific /foo                | /foobar      | default",
        "ImplementationSpecific /foo, Exact /foo    | /foo         | s1",
        "Prefix /a%7eb                              | /a~b         | s0",
        "Prefix /caf\u00e9                          | /caf%C3%A9/x | s0",
        "Prefix /caf\u00e9                          | /caf%c3%A9   | s0",
        "Prefix /caf\u00e9                          | /caf%c3%a9/x | s0",
        "Prefix /caf\u00e9                          | /CAF%C3%A9   | default",
        "Prefix /caf\u00e9                          | /caf%C3%A9x  | default",
        "Prefix /caf%c3%a9                          | /caf%C3%A9   | s0",
        "Exact /caf%c3%A9                           | /caf%C3%a9   | s0",
        "Exact /caf%c3%A9                           | /caf%C3%A9/  | default",
        "Exact /a.b%3b                              | /a.b%3B      | s0",
        "Exact /a.b%3b                              | /axb%3B      | default",
        "Prefix /a(b)+$%3f                          | /a(b)+$%3f/x | s0",
        "Prefix /a%20b                              | /a%20b/c     | s0",
        "Prefix /, Exact /caf\u00e9                 | /caf%c3%a9   | s1",
        // What Envoy leaves of any number of slashes.
        "Exact /                                    | //           | s0",
        "Prefix /                                   | //           | s0",
        "Prefix /, Exact /                          | //           | s1",
        "Prefix /foo                                | //           | default",
      })
  void request_oneRule_goesToThePathOfTheTable(String paths, String request, String service) {
    List<String> written = List.of(paths.strip().split(", ", -1));
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < written.size(); i++) {
      order.add(i);
    }
    assertEquals("default/" + service + "/80", route(written, order, request));
    Collections.reverse(order);
    assertEquals("default/" + service + "/80", route(written, order, request), "reversed");
  }

  private static String route(List<String> written, List<Integer> order, String request) {
    World world = new World();
    IngressBuilder ingress = ingress("web").defaultBackend("default", 80).host("example.com");
    for (int i : order) {
      String[] words = written.get(i).split(" ", -1);
      ingress.path(words[1], words[0], IngressBuilder.backend("s" + i, 80));
      world.apply(service("s" + i, 80));
    }
    world.apply(service("default", 80), ingress.build());
    return world.request("example.com", request);
  }

  @Test
  void request_twoSpellingsOfOnePath_areOneClaim() {
    World world =
        World.of(
            service("a", 80),
            service("b", 80),
            ingress("a").ordinal(0).host("example.com").prefix("/caf%c3%a9", "a", 80).build(),
            ingress("b").ordinal(1).host("example.com").prefix("/caf\u00e9", "b", 80).build());

    assertEquals("default/a/80", world.request("example.com", "/caf%C3%A9"));
    assertEquals(
        Verdict.Reason.Conflict,
        world.verdict("b", "spec.rules[0].http.paths[0]").reason());
  }

  @Test
  void path_escapedAndTooLongForAnExpression_isRefused() {
    World world =
        World.of(
            service("a", 80),
            ingress("a")
                .host("example.com")
                .prefix("/" + "a".repeat(898) + "%C3", "a", 80)
                .prefix("/" + "a".repeat(5_000), "a", 80)
                .build());

    assertEquals(
        Verdict.Outcome.REFUSED, world.verdict("a", "spec.rules[0].http.paths[0]").outcome());
    assertEquals("default/a/80", world.request("example.com", "/" + "a".repeat(5_000)));
  }

  @Test
  void request_pathsInSeveralObjects_longestPrefixWins() {
    World world =
        World.of(
            service("short", 80),
            service("long", 80),
            ingress("a").ordinal(0).host("example.com").prefix("/foo", "short", 80).build(),
            ingress("b").ordinal(1).host("example.com").prefix("/foo/bar", "long", 80).build());

    assertEquals("default/long/80", world.request("example.com", "/foo/bar/x"));
    assertEquals("default/short/80", world.request("example.com", "/foo/x"));
  }

  /** The wildcard table of the same page, and deeper. */
  @ParameterizedTest
  @CsvSource({
    "*.foo.com, bar.foo.com, default/s/80",
    "*.foo.com, BAR.foo.COM, default/s/80",
    "*.foo.com, bar.foo.com:8443, default/s/80",
    "*.foo.com, baz.bar.foo.com, 404",
    "*.foo.com, foo.com, 404",
    "*.foo.com, .foo.com, 404",
    "*.foo.com, barfoo.com, 404",
    "foo.com, foo.com, default/s/80",
    "Foo.COM, foo.com, default/s/80",
    "foo.com, FOO.com:80, default/s/80",
    "foo.com, bar.foo.com, 404",
    "'', anything.at.all, default/s/80",
    "'', '[::1]:8080', default/s/80",
    "'', 127.0.0.1, default/s/80",
  })
  void request_oneHost_isComparedAsTheApiSays(String host, String authority, String to) {
    World world =
        World.of(
            service("s", 80),
            TestObjects.slice("s", 80, "10.0.0.1"),
            ingress("web").host(host).prefix("/", "s", 80).build());

    assertEquals(to, world.request(authority, "/"));
    assertEquals(
        host.toLowerCase(Locale.ROOT).equals(host) ? "APPLIED" : "APPLIED_WITH_DIFFERENCE",
        world.verdicts(ObjectRef.ingress("default", "web")).stream()
            .map(Verdict::outcome)
            .max(Enum::compareTo)
            .orElseThrow()
            .name());
  }
}
