package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.TestObjects.secret;
import static io.isoline.translator.TestObjects.service;
import static io.isoline.translator.TestObjects.slice;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a change of one object touches among fifty hosts, counted in resources. */
final class IncrementalTest {

  private static final TestCertificate CERTIFICATE = TestCertificate.ecdsa("*.com");

  private final World world = new World();

  @BeforeEach
  void fiftyHosts() {
    for (int i = 0; i < 50; i++) {
      world.apply(
          service("svc" + i, 80),
          slice("svc" + i, 80, "10.0.0." + i),
          secret("s" + i, CERTIFICATE),
          web(i, "svc" + i).build());
    }
  }

  private static IngressBuilder web(int i, String service) {
    return ingress("web" + i)
        .host("host" + i + ".com")
        .prefix("/", service, 80)
        .tls("s" + i, "host" + i + ".com");
  }

  private static List<String> keys(Update update) {
    return update.changed().stream().map(Resource::key).sorted().map(Object::toString).toList();
  }

  @Test
  void endpointChanges_exactlyOneEndpointResource() {
    Update update = world.apply(slice("svc7", 80, "10.0.0.7", "10.0.1.7"));

    assertEquals(List.of("ENDPOINT default/svc7/80"), keys(update));
    assertTrue(update.removed().isEmpty());
    assertTrue(update.verdicts().isEmpty());
  }

  @Test
  void secretRotates_exactlyOneSecretResource() {
    Update update = world.apply(secret("s7", TestCertificate.ecdsa("*.com")));

    assertEquals(List.of("SECRET default/s7"), keys(update));
    assertTrue(update.removed().isEmpty());
    assertTrue(update.verdicts().isEmpty());
  }

  @Test
  void routeChanges_exactlyTheRoutesOfItsHost() {
    Update update = world.apply(web(7, "svc7").host("host7.com").prefix("/x", "svc8", 80).build());

    assertEquals(List.of("ROUTE ingress/host7.com"), keys(update));
    assertTrue(update.removed().isEmpty());
    assertEquals(List.of(ObjectRef.ingress("default", "web7")), List.copyOf(update.verdicts().keySet()));
  }

  @Test
  void routeMovesToANewService_clusterAndEndpointsComeAndGoWithIt() {
    world.apply(service("new", 80), slice("new", 80, "10.0.2.1"));

    Update update = world.apply(web(7, "new").build());

    assertEquals(
        List.of("CLUSTER default/new/80", "ENDPOINT default/new/80", "ROUTE ingress/host7.com"),
        keys(update));
    assertEquals(
        List.of("CLUSTER default/svc7/80", "ENDPOINT default/svc7/80"),
        update.removed().stream().sorted().map(Object::toString).toList());
  }

  @Test
  void hostIsNew_itsScopeAndRoutesAndNoOthers() {
    Update update =
        world.apply(ingress("more").host("more.com").prefix("/", "svc7", 80).build());

    assertEquals(List.of("SCOPE ingress/more.com", "ROUTE ingress/more.com"), keys(update));
    assertEquals(
        Set.of(
            new Resource.Key(ResourceType.SCOPE, "ingress/more.com"),
            new Resource.Key(ResourceType.ROUTE, "ingress/more.com")),
        world.delete(ObjectRef.ingress("default", "more")).removed());
  }

  @Test
  void wildcardIsNew_itsScopeAndRoutesAndNoOthers() {
    Update update =
        world.apply(ingress("wild").host("*.com").prefix("/", "svc7", 80).build());

    assertEquals(List.of("SCOPE ingress/*.com", "ROUTE ingress/*.com"), keys(update));
  }

  @Test
  void ruleWithoutHostIsNew_onlyTheRoutesOfNamesThatNobodyClaims() {
    world.apply(ingress("wild").host("*.com").prefix("/", "svc7", 80).build());

    Update update = world.apply(ingress("any").host(null).prefix("/", "svc7", 80).build());

    assertEquals(List.of("ROUTE ingress"), keys(update));
  }

  @Test
  void wildcardsAndPathsWithoutHost_twiceAsManyObjects_twiceTheBytes() {
    long some = bytesOfRoutes(100);
    long twice = bytesOfRoutes(200);

    assertTrue(twice < 2.1 * some, () -> some + " bytes, then " + twice);
  }

  /** With as many wildcards as there are paths without a host. */
  private static long bytesOfRoutes(int n) {
    World world = World.of(service("svc", 80));
    IngressBuilder wildcards = ingress("wildcards");
    IngressBuilder paths = ingress("paths").host(null);
    for (int i = 0; i < n; i++) {
      wildcards.host("*.h" + i + ".com").prefix("/", "svc", 80);
      paths.prefix("/p" + i, "svc", 80);
    }
    world.apply(wildcards.build(), paths.build());
    return world.resources().values().stream()
        .filter(resource -> resource.type() == ResourceType.ROUTE)
        .mapToLong(resource -> resource.body().getValue().size())
        .sum();
  }

  @Test
  void hostOfAKnownCertificateIsNew_listenerIsTouchedButNoSecret() {
    Update update =
        world.apply(web(7, "svc7").tls("s7", "more.com").build());

    assertEquals(List.of("LISTENER https"), keys(update));
  }

  @Test
  void sameObjectsAgain_isNoUpdate() {
    assertTrue(
        world
            .apply(
                service("svc7", 80),
                slice("svc7", 80, "10.0.0.7"),
                web(7, "svc7").build())
            .isEmpty());
  }

  @Test
  void nothing_isNoUpdate() {
    assertTrue(world.apply(List.of(), World.NOW).isEmpty());
  }

  @Test
  void everythingDeleted_onlyWhatIsAlwaysThereRemains() {
    for (int i = 0; i < 50; i++) {
      world.delete(
          ObjectRef.ingress("default", "web" + i),
          ObjectRef.secret("default", "s" + i),
          ObjectRef.endpointSlice("default", "svc" + i + "-1"),
          ObjectRef.service("default", "svc" + i));
    }
    World fresh = new World();
    fresh.apply(List.of(), World.NOW);

    assertEquals(fresh.resources(), world.resources());
    assertTrue(world.verdicts().isEmpty());
  }

  @Test
  void configure_allThatCanBeSet_isLikeBeginningWithIt() {
    Settings other = SettingsVariants.named("everything", World.DEFAULTS);
    World began = new World(other);
    began.apply(service("svc1", 80), web(1, "svc1").build());
    World changed = new World();
    changed.apply(service("svc1", 80), web(1, "svc1").build());

    changed.configure(other);

    assertEquals(began.resources(), changed.resources());
    assertEquals(began.verdicts(), changed.verdicts());
  }

  @Test
  void contributors_certificateForNoHost_isNotInTheListener() {
    Translator translator = new Translator(World.DEFAULTS);
    translator.apply(
        List.of(new Change.Upsert(ingress("wide").tls("s").defaultBackend("svc", 80).build())),
        World.NOW);

    assertEquals(
        Set.of(),
        translator.contributors(
            new Resource.Key(ResourceType.LISTENER, "https"),
            Set.of(ObjectRef.ingress("default", "wide"))));
  }

  @Test
  void contributors_listenerAndSharedRoutes_areThoseThatAreInThem() {
    Translator translator = new Translator(World.DEFAULTS);
    translator.apply(
        List.of(
            new Change.Upsert(ingress("tls").tls("s", "a.com").host("a.com").build()),
            new Change.Upsert(ingress("plain").host("b.com").prefix("/", "svc", 80).build()),
            new Change.Upsert(ingress("wild").host("*.c.com").prefix("/", "svc", 80).build()),
            new Change.Upsert(ingress("any").host(null).prefix("/", "svc", 80).build())),
        World.NOW);
    Resource.Key listener = new Resource.Key(ResourceType.LISTENER, "https");
    Resource.Key shared = new Resource.Key(ResourceType.ROUTE, "ingress");
    ObjectRef tls = ObjectRef.ingress("default", "tls");
    ObjectRef plain = ObjectRef.ingress("default", "plain");
    ObjectRef wild = ObjectRef.ingress("default", "wild");
    ObjectRef any = ObjectRef.ingress("default", "any");
    ObjectRef secret = ObjectRef.secret("default", "s");
    ObjectRef service = ObjectRef.service("default", "svc");

    assertEquals(Set.of(tls), translator.contributors(listener, Set.of(tls, plain, wild)));
    assertEquals(Set.of(), translator.contributors(listener, Set.of(plain, wild)));
    assertEquals(Set.of(tls), translator.contributors(listener, Set.of(secret, plain)));
    assertEquals(Set.of(any), translator.contributors(shared, Set.of(tls, plain, wild, any)));
    assertEquals(Set.of(any), translator.contributors(shared, Set.of(service)));
    assertEquals(
        Set.of(),
        translator.contributors(
            new Resource.Key(ResourceType.SECRET, "default/s"), Set.of(tls)));
  }

  @Test
  void origins_clusterSecretAndRoute_areTheObjectsBehindThem() {
    Translator translator = new Translator(World.DEFAULTS);
    translator.apply(
        List.of(
            new Change.Upsert(service("svc1", 80)),
            new Change.Upsert(web(1, "svc1").build())),
        World.NOW);
    ObjectRef ingress = ObjectRef.ingress("default", "web1");

    assertEquals(
        List.of(ingress, ObjectRef.service("default", "svc1")),
        origins(translator, ResourceType.CLUSTER, "default/svc1/80"));
    assertEquals(
        List.of(ingress, ObjectRef.service("default", "svc1")),
        origins(translator, ResourceType.ENDPOINT, "default/svc1/80"));
    assertEquals(
        List.of(ingress, ObjectRef.secret("default", "s1")),
        origins(translator, ResourceType.SECRET, "default/s1"));
    assertEquals(
        List.of(ingress), origins(translator, ResourceType.ROUTE, "ingress/host1.com"));
    assertEquals(
        List.of(ingress), origins(translator, ResourceType.SCOPE, "ingress/host1.com"));
  }

  @Test
  void origins_whatIsMadeOfManyOrOfNobody_isNone() {
    Translator translator = new Translator(World.DEFAULTS);
    translator.apply(List.of(new Change.Upsert(web(1, "svc1").build())), World.NOW);

    assertEquals(List.of(), origins(translator, ResourceType.LISTENER, "https"));
    assertEquals(List.of(), origins(translator, ResourceType.ROUTE, "ingress"));
    assertEquals(List.of(), origins(translator, ResourceType.ROUTE, "ingress/other.com"));
    assertEquals(List.of(), origins(translator, ResourceType.CLUSTER, "default/other/80"));
    assertEquals(List.of(), origins(translator, ResourceType.SECRET, "default-certificate"));
    assertTrue(translator.isShared(new Resource.Key(ResourceType.LISTENER, "https")));
    assertTrue(translator.isShared(new Resource.Key(ResourceType.ROUTE, "ingress")));
    assertFalse(translator.isShared(new Resource.Key(ResourceType.ROUTE, "ingress/host1.com")));
  }

  private static List<ObjectRef> origins(Translator translator, ResourceType type, String name) {
    return List.copyOf(translator.origins(new Resource.Key(type, name)));
  }
}
