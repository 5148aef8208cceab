package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.TestObjects.secret;
import static io.isoline.translator.TestObjects.service;
import static io.isoline.translator.TestObjects.slice;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import io.isoline.translator.settings.HostSettings;
import io.isoline.translator.settings.ListenerSettings;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the operator chooses, and that it is live without touching more than it must. */
final class SettingsTest {

  private static final String ACME = "/.well-known/acme-challenge/token";
  private static final String REDIRECT = "308 https port 8443";

  private static Settings settings(boolean redirect, HostSettings.@Nullable Hsts hsts) {
    return World.DEFAULTS.with(new HostSettings(redirect, hsts));
  }

  private static World world(Settings settings) {
    World world = new World(settings);
    world.apply(
        service("svc", 80),
        slice("svc", 80, "10.0.0.1"),
        secret("s", TestCertificate.ecdsa("tls.com", "*.wild.com")),
        ingress("tls").host("tls.com").prefix("/", "svc", 80).tls("s", "tls.com").build(),
        ingress("plain").host("plain.com").prefix("/", "svc", 80).build(),
        ingress("wild").host("*.wild.com").prefix("/", "svc", 80).tls("s", "*.wild.com").build(),
        ingress("under").host("under.wild.com").prefix("/", "svc", 80).build(),
        ingress("any").host(null).prefix("/", "svc", 80).build());
    return world;
  }

  @Test
  void redirect_on_isForHostsWithCertificateAndPlainHttpOnly() {
    World world = world(settings(true, null));

    assertEquals(REDIRECT, world.request("tls.com", "/x"));
    assertEquals(REDIRECT, world.request("a.wild.com", "/x"));
    assertEquals(REDIRECT, world.request("under.wild.com", "/x"));
    assertEquals("default/svc/80", world.request("plain.com", "/x"));
    assertEquals("default/svc/80", world.request("unknown.com", "/x"));
    assertEquals("default/svc/80", world.routes().request("https", "tls.com", "/x"));
  }

  @Test
  void redirect_deeperThanTheWildcardWithCertificate_isNone() {
    World world = world(settings(true, null));

    assertEquals("default/svc/80", world.request("a.b.wild.com", "/x"));
  }

  @Test
  void redirect_hostsThatNobodyNamesWithASecretForThem_isNone() {
    World world = world(settings(true, null));

    world.apply(
        ingress("any").host(null).prefix("/", "svc", 80).tls("s").build(),
        ingress("wild").host("*.wild.com").prefix("/", "svc", 80).build());

    assertEquals("default/svc/80", world.request("a.b.wild.com", "/x"));
    assertEquals("default/svc/80", world.request("unknown.com", "/x"));
    assertEquals("default/svc/80", world.request("a.wild.com", "/x"));
  }

  @Test
  void redirect_acmeChallenge_staysOnHttp() {
    World world = world(settings(true, null));

    assertEquals("default/svc/80", world.request("tls.com", ACME));
    assertEquals(REDIRECT, world.request("tls.com", "/.well-known/acme-challengex"));
  }

  @Test
  void redirect_hostGetsACertificateLater_begins() {
    World world = world(settings(true, null));

    world.apply(
        ingress("plain").host("plain.com").prefix("/", "svc", 80).tls("s", "plain.com").build());
    assertEquals(REDIRECT, world.request("plain.com", "/"));

    world.apply(ingress("plain").host("plain.com").prefix("/", "svc", 80).build());
    assertEquals("default/svc/80", world.request("plain.com", "/"));
  }

  @Test
  void redirect_switchedOnAndOff_isLiveInRoutesAlone() {
    World world = world(World.DEFAULTS);
    assertEquals("default/svc/80", world.request("tls.com", "/"));

    Update on = world.configure(settings(true, null));
    assertEquals(REDIRECT, world.request("tls.com", "/"));
    assertEquals(
        Set.of(ResourceType.ROUTE),
        on.changed().stream().map(Resource::type).collect(Collectors.toSet()));

    world.configure(World.DEFAULTS);
    assertEquals("default/svc/80", world.request("tls.com", "/"));
  }

  @Test
  void hsts_on_isForHostsWithCertificate() {
    World world = world(settings(false, new HostSettings.Hsts(Duration.ofDays(1), true, false)));

    assertEquals("max-age=86400; includeSubDomains", hsts(world, "tls.com"));
    assertEquals("max-age=86400; includeSubDomains", hsts(world, "a.wild.com"));
    assertEquals("", hsts(world, "plain.com"));
    assertEquals("", hsts(world, "unknown.com"));
    assertEquals("", hsts(world, "a.b.wild.com"));
  }

  private static String hsts(World world, String host) {
    VirtualHost virtualHost = Objects.requireNonNull(world.routes().virtualHost(host));
    Route route = Objects.requireNonNull(world.routes().route("https", host, "/"));
    Any config =
        route.containsTypedPerFilterConfig("isoline.hsts")
            ? route.getTypedPerFilterConfigOrThrow("isoline.hsts")
            : virtualHost.getTypedPerFilterConfigMap().get("isoline.hsts");
    try {
      return config == null
          ? ""
          : config
              .unpack(HeaderMutationPerRoute.class)
              .getMutations()
              .getResponseMutations(0)
              .getAppend()
              .getHeader()
              .getValue();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void configure_sameSettings_isNoUpdate() {
    World world = world(World.DEFAULTS);

    assertTrue(world.configure(settings(false, null)).isEmpty());
  }

  @Test
  void configure_otherDefaultCertificate_isLiveForAllThatIsServedWithIt() {
    World world = world(World.DEFAULTS);
    world.apply(ingress("bad").defaultBackend("svc", 80).tls("gone", "bad.com").build());
    Settings other =
        Settings.defaults(ByteString.copyFromUtf8("other"), ByteString.copyFromUtf8("key"));

    Update update = world.configure(other);

    assertEquals(
        List.of("default-certificate", "default/gone"),
        update.changed().stream().map(Resource::name).sorted().toList());
  }

  @Test
  void configure_togetherWithTheEndOfASecretsUse_reportsEachResourceOnce() {
    World world = world(World.DEFAULTS);
    world.apply(ingress("bad").defaultBackend("svc", 80).tls("gone", "bad.com").build());
    Settings other =
        Settings.defaults(ByteString.copyFromUtf8("other"), ByteString.copyFromUtf8("key"));

    world.apply(
        List.of(
            new Change.Configure(other),
            new Change.Delete(ObjectRef.ingress("default", "bad"))),
        World.NOW);

    assertFalse(world.has(ResourceType.SECRET, "default/gone"));
  }

  @Test
  void listener_withPortZero_isLeftOutAndComesBack() {
    Settings d = World.DEFAULTS;
    Settings without =
        d.with(d.listeners().withHttp(new ListenerSettings.Place("0.0.0.0", 0, 0, false)));
    World world = world(d);

    world.configure(without);
    assertFalse(world.has(ResourceType.LISTENER, "http"));
    assertTrue(world.has(ResourceType.LISTENER, "https"));

    world.configure(d);
    assertTrue(world.has(ResourceType.LISTENER, "http"));
  }
}
