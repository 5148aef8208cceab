package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.TestObjects.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.annotation.OperatorsAuth;
import io.isoline.translator.credentials.SignIn;
import io.isoline.translator.envoy.WholeRoute;
import io.isoline.translator.settings.AuthSettings;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service that the operator has asked about the requests of all Ingresses. */
final class OperatorsAuthTest {

  private static final String URL = "http://auth.login.svc.cluster.local/check";

  private static final AuthSettings AUTH =
      new AuthSettings(
          OperatorsAuth.url(URL),
          "POST",
          SignIn.parse("https://login.example.com/start"),
          "back",
          List.of("x-auth-user"),
          "/home",
          SignIn.cacheKey("$http_authorization"),
          "200 1m");

  private static final Settings ON =
      World.DEFAULTS.with(World.DEFAULTS.ingress().with(AUTH));

  private static IngressBuilder web() {
    return ingress("web").host("x.com").prefix("/", "svc", 80);
  }

  /** What the route of a path says of who is asked; empty for nobody. */
  private static String asked(World world, String path) {
    return asked(world).getOrDefault(path, "there is no route");
  }

  private static Map<String, String> asked(World world) {
    Map<String, String> asked = new TreeMap<>();
    for (Resource resource : world.resources().values()) {
      if (resource.type() == ResourceType.ROUTE && resource.name().contains("x.com")) {
        RouteConfiguration routes = (RouteConfiguration) World.proto(resource);
        for (Route each : routes.getVirtualHosts(0).getRoutesList()) {
          Route route = WholeRoute.of(routes.getVirtualHosts(0), each);
          String path =
              route.getMatch().getPrefix()
                  + route.getMatch().getPathSeparatedPrefix()
                  + route.getMatch().getPath();
          asked.put(
              path,
              route.containsTypedPerFilterConfig("isoline.access")
                  ? route
                      .getTypedPerFilterConfigOrThrow("isoline.access")
                      .getValue()
                      .toStringUtf8()
                  : "");
        }
      }
    }
    return asked;
  }

  @Test
  void service_ofTheSettings_isAskedWithAllThatTheySay() {
    World world = new World(ON);
    world.apply(service("svc", 80), web().build());
    String asked = asked(world, "/");
    for (String part :
        List.of(
            "owner default/web\n",
            "url " + URL + "\n",
            "method POST\n",
            "request-redirect /home\n",
            "response-header x-auth-user\n",
            "sign-in https://login.example.com/start?back=$pass_access_scheme",
            "cache-key $http_authorization\n",
            "cache-time 60 200\n")) {
      assertTrue(asked.contains(part), part + " in " + asked);
    }
  }

  @Test
  void service_ofSettingsThatComeAndGo_isAskedMeanwhile() {
    World world = World.of(service("svc", 80), web().build());
    assertEquals("", asked(world, "/"));
    world.configure(ON);
    assertTrue(asked(world, "/").contains(URL));
    world.configure(World.DEFAULTS);
    assertEquals("", asked(world, "/"));
  }

  @Test
  void ingress_thatAsksAnother_hasThatAskedInstead() {
    World world = new World(ON);
    world.apply(
        service("svc", 80),
        web().annotation("isoline.io/auth-url", "http://own.example.com/").build());
    String asked = asked(world, "/");
    assertTrue(asked.contains("url http://own.example.com/\n"), asked);
    assertTrue(!asked.contains(URL), asked);
  }

  @Test
  void ingress_thatOptsOut_asksNobody() {
    World world = new World(ON);
    world.apply(
        service("svc", 80), web().annotation("isoline.io/enable-global-auth", "false").build());
    assertEquals("", asked(world, "/"));
    assertEquals(
        Outcome.APPLIED,
        world.verdict("web", "metadata.annotations[isoline.io/enable-global-auth]").outcome());
  }

  @ParameterizedTest
  @ValueSource(strings = {"no", "off", "", "false\n", "$x", "FALSE ", "{}"})
  void optingOut_byAValueThatIsNoFlag_isNone(String value) {
    World world = new World(ON);
    world.apply(
        service("svc", 80), web().annotation("isoline.io/enable-global-auth", value).build());
    assertTrue(asked(world, "/").contains(URL));
  }

  @Test
  void challenges_ofCertificates_areFreeAndOtherPathsAreNot() {
    World world = new World(ON);
    world.apply(
        service("svc", 80),
        web()
            .exact("/.well-known/acme-challenge/token", "svc", 80)
            .prefix("/.well-known/acme-challenges", "svc", 80)
            .build());
    assertEquals("", asked(world, "/.well-known/acme-challenge/token"));
    assertTrue(asked(world, "/.well-known/acme-challenges").contains(URL));
  }

  @Test
  void password_ofTheIngress_isAskedForBesides() {
    World world = new World(ON);
    world.apply(
        service("svc", 80),
        web()
            .annotation("isoline.io/auth-type", "basic")
            .annotation("isoline.io/auth-secret", "missing")
            .build());
    assertEquals("503", world.request("x.com", "/"));
  }

  @Test
  void host_thatWouldBePassedOn_isNot() {
    Settings settings =
        ON.with(ON.listeners().with(ON.listeners().tls().passing(true)));
    World world = new World(settings);
    world.apply(
        service("svc", 80), web().annotation("isoline.io/ssl-passthrough", "true").build());
    assertEquals(1, world.certificates().size());
    world.apply(
        web()
            .annotation("isoline.io/ssl-passthrough", "true")
            .annotation("isoline.io/enable-global-auth", "false")
            .build());
    assertEquals(2, world.certificates().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "auth",
        "ftp://auth/",
        "http://$host/",
        "http://169.254.169.254/",
        "http://a/\nb",
        "http://a/\"",
        "http://a b/",
        "http://../",
      })
  void url_thatCannotBe_isRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> OperatorsAuth.url(text));
  }
}
