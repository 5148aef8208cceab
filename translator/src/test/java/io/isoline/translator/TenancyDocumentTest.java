package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.Tenants.certificates;
import static io.isoline.translator.Tenants.given;
import static io.isoline.translator.Tenants.secret;
import static io.isoline.translator.Tenants.service;
import static io.isoline.translator.Tenants.settings;
import static io.isoline.translator.Tenants.terminating;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.kube.NamespaceRecord;
import io.isoline.translator.settings.HostSettings;
import io.isoline.translator.settings.IngressSettings.HostGrant;
import io.isoline.translator.settings.IngressSettings.Tenancy.Hosts;
import io.isoline.translator.settings.IngressSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What {@code docs/security.md} says of tenants: each sentence is a test, which has it as its name.
 * {@code shop} has what it has, and {@code evil} tries to get it.
 */
@DisplayName("Whose a host is")
final class TenancyDocumentTest {

  private static final Path PAGE = Path.of("../docs/security.md");
  private static final List<String> DEFAULT = List.of("default-certificate");
  private static final TestCertificate CERTIFICATE =
      TestCertificate.ecdsa("shop.test", "*.shop.test", "*.a.shop.test");
  private static final TestCertificate OTHER = TestCertificate.rsa("shop.test", "*.shop.test");
  private static final String PATH = "spec.rules[0].http.paths[0]";
  private static final ObjectRef EVIL = ObjectRef.ingress("evil", "web");

  private final World shared = new World(settings(Hosts.SHARED));
  private final World owned = new World(settings(Hosts.OWNED));
  private final List<World> both = List.of(shared, owned);

  /** Of a namespace; numbers say who is older. */
  private static IngressBuilder web(String namespace, int ordinal) {
    return ingress("web").in(namespace).ordinal(ordinal);
  }

  private static IngressBuilder shop(String host, String path) {
    return web("shop", 1).host(host).prefix(path, "web", 80);
  }

  private static IngressBuilder evil(int ordinal, String host, String path) {
    return web("evil", ordinal).host(host).prefix(path, "web", 80);
  }

  private static World with(World world, IngressBuilder... ingresses) {
    world.apply(
        service("shop", "web"),
        service("shop", "default"),
        service("evil", "web"),
        service("third", "web"),
        secret("shop", "tls", CERTIFICATE),
        secret("evil", "tls", OTHER));
    for (IngressBuilder ingress : ingresses) {
      world.apply(ingress.build());
    }
    return world;
  }

  private static void refused(World world, String field, String... words) {
    Verdict verdict = world.verdict(EVIL, field);
    assertEquals(Reason.HostOwned, verdict.reason(), verdict::toString);
    assertTrue(verdict.isFinding(), verdict::toString);
    assertFalse(verdict.fix().isEmpty(), verdict::toString);
    for (String word : words) {
      assertTrue(verdict.message().contains(word), verdict::toString);
    }
  }

  @Test
  void page_sentences_areTheNamesOfTheTests() throws IOException {
    List<String> sentences = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(PAGE)) {
      if (line.startsWith("## ")) {
        inside = line.equals("## Whose a host is");
      } else if (inside && line.startsWith("- ")) {
        sentences.add(line.substring(2));
      } else if (inside && line.matches(" {2}[^ ].*")) {
        sentences.add(sentences.removeLast() + " " + line.strip());
      }
    }
    TreeSet<String> tested = new TreeSet<>();
    Arrays.stream(TenancyDocumentTest.class.getDeclaredMethods())
        .map(method -> method.getAnnotation(DisplayName.class))
        .filter(Objects::nonNull)
        .forEach(name -> tested.add(name.value()));

    assertEquals(String.join("\n", tested), String.join("\n", new TreeSet<>(sentences)));
  }

  @Test
  @DisplayName(
      "A host belongs to the namespace of the oldest Ingress that has a rule for it; the age of an"
          + " Ingress is its `creationTimestamp`, then its namespace and name.")
  void host_severalNamespaces_belongsToTheOldest() {
    World world = with(owned, evil(2, "shop.test", "/e"), shop("shop.test", "/s"));

    assertEquals("shop/web/80", world.request("shop.test", "/s"));
    assertEquals("404", world.request("shop.test", "/e"));
    refused(world, PATH, "shop.test", "namespace shop", "Ingress shop/web");
  }

  @Test
  @DisplayName(
      "An Ingress that is being deleted, alone or with its namespace, yields to any other at once,"
          + " and serves on while there is no other.")
  void host_ownerIsBeingDeleted_yieldsToTheNext() {
    for (World world : both) {
      with(world, evil(2, "shop.test", "/"), shop("shop.test", "/"));
      world.apply(terminating("shop"));
      assertEquals("evil/web/80", world.request("shop.test", "/"));

      world.delete(EVIL);
      assertEquals("shop/web/80", world.request("shop.test", "/"));

      world.apply(evil(2, "shop.test", "/").build());
      world.delete(ObjectRef.namespace("shop"));
      assertEquals("shop/web/80", world.request("shop.test", "/"));

      world.apply(shop("shop.test", "/").terminating().build());
      assertEquals("evil/web/80", world.request("shop.test", "/"));
    }
  }

  @Test
  @DisplayName(
      "A wildcard and a name below it are two hosts: who owns `*.shop.test` does not own"
          + " `a.shop.test` by that, nor the other way round.")
  void host_belowAWildcard_isAnother() {
    for (World world : both) {
      with(world, shop("*.shop.test", "/"), evil(2, "a.shop.test", "/"));

      assertEquals("evil/web/80", world.request("a.shop.test", "/"));
      assertEquals("shop/web/80", world.request("b.shop.test", "/"));

      world.apply(shop("a.shop.test", "/").build(), evil(0, "*.shop.test", "/").build());

      assertEquals("shop/web/80", world.request("a.shop.test", "/"));
      assertEquals("evil/web/80", world.request("b.shop.test", "/"));
    }
  }

  @Test
  @DisplayName(
      "With `tenancy.hosts: shared`, the default, it can add paths to the host; a path that both"
          + " have is that of the older Ingress.")
  void shared_pathsOfAnother_areAdded() {
    World world =
        with(
            shared,
            shop("shop.test", "/s"),
            web("evil", 2)
                .host("shop.test")
                .prefix("/e", "web", 80)
                .prefix("/s", "web", 80));

    assertEquals("evil/web/80", world.request("shop.test", "/e"));
    assertEquals("shop/web/80", world.request("shop.test", "/s"));
    Verdict verdict = world.verdict(EVIL, "spec.rules[0].http.paths[1]");
    assertEquals(Reason.Conflict, verdict.reason());
    assertTrue(verdict.message().contains("Ingress shop/web"), verdict::toString);
  }

  @Test
  @DisplayName(
      "With `tenancy.hosts: owned` nothing of it counts for the host; its verdict names the owner.")
  void owned_anythingOfAnother_countsForNothing() {
    World world = with(owned, shop("shop.test", "/s"));
    Map<Resource.Key, Resource> before = new TreeMap<>(world.resources());

    world.apply(
        evil(2, "shop.test", "/e").tls("tls", "shop.test").defaultBackend("web", 80).build());

    assertEquals(before, world.resources());
    refused(world, PATH, "namespace shop", "Ingress shop/web");
    refused(world, "spec.tls[0]", "namespace shop");
    refused(world, "spec.defaultBackend", "namespace shop");
  }

  @Test
  @DisplayName(
      "It can give no certificate for the host, neither by its name nor by a wildcard above it, and"
          + " the host gets no redirect and no HSTS from it.")
  void certificates_ofAnother_areNotServed() {
    for (Hosts mode : Hosts.values()) {
      World world =
          new World(
              settings(mode)
                  .with(
                      new HostSettings(
                          true, new HostSettings.Hsts(Duration.ofDays(1), false, false))));
      with(world, shop("x.shop.test", "/"));
      Map<Resource.Key, Resource> before = new TreeMap<>(world.resources());

      world.apply(
          ingress("web").in("evil").tls("tls", "x.shop.test").defaultBackend("web", 80).build());
      assertEquals(DEFAULT, certificates(world, "x.shop.test"));
      refused(world, "spec.tls[0]", "namespace shop", "Ingress shop/web");

      world.apply(evil(0, "*.shop.test", "/").tls("tls", "*.shop.test").build());
      assertEquals(DEFAULT, certificates(world, "x.shop.test"));
      assertEquals(List.of("evil/tls"), certificates(world, "y.shop.test"));
      assertEquals("shop/web/80", world.request("x.shop.test", "/"));
      Resource.Key routes = new Resource.Key(ResourceType.ROUTE, "ingress/x.shop.test");
      assertEquals(before.get(routes), world.resources().get(routes));

      world.apply(shop("x.shop.test", "/").tls("tls", "*.shop.test").build());
      assertEquals(List.of("shop/tls"), certificates(world, "x.shop.test"));
    }
  }

  @Test
  @DisplayName(
      "What no path of the host matches goes to the `defaultBackend` of an Ingress of the owner's"
          + " namespace, one that names the host before one without rules, else to the"
          + " operator's (`defaultBackend` in the configuration file), else it is 404.")
  void defaults_pathThatTheHostLacks_goesToTheOwnersNamespaceThenTheOperator() {
    for (Hosts mode : Hosts.values()) {
      World world =
          new World(
              settings(mode)
                  .with(
                      settings(mode)
                          .ingress()
                          .withDefaultBackend(
                              new IngressSettings.DefaultBackend("third", "web", null, 80))));
      with(
          world,
          shop("shop.test", "/s").defaultBackend("web", 80),
          ingress("plain").in("shop").ordinal(0).defaultBackend("default", 80),
          evil(2, "shop.test", "/e").defaultBackend("web", 80),
          ingress("plain").in("evil").ordinal(0).defaultBackend("web", 80));
      assertEquals("shop/web/80", world.request("shop.test", "/login"));

      world.apply(shop("shop.test", "/s").build());
      assertEquals("shop/default/80", world.request("shop.test", "/login"));

      world.delete(ObjectRef.ingress("shop", "plain"));
      assertEquals("third/web/80", world.request("shop.test", "/login"));

      world.configure(settings(mode));
      assertEquals("404", world.request("shop.test", "/login"));
      assertEquals("404", world.request("shop.test", "/.well-known/acme-challenge/x"));
    }
  }

  @Test
  @DisplayName(
      "An Ingress without rules, and a rule without a host, serves beyond its namespace only the"
          + " hosts that nobody names.")
  void any_ofAnother_isForHostsThatNobodyNames() {
    World world =
        with(
            shared,
            shop("shop.test", "/s"),
            ingress("web").in("evil").ordinal(0).host(null).prefix("/any", "web", 80),
            ingress("plain").in("evil").ordinal(0).defaultBackend("web", 80));

    assertEquals("404", world.request("shop.test", "/any"));
    assertEquals("404", world.request("shop.test", "/"));
    assertEquals("evil/web/80", world.request("unknown.test", "/any"));
    assertEquals("evil/web/80", world.request("unknown.test", "/"));
  }

  @Test
  @DisplayName(
      "An entry of `spec.tls` for all hosts changes no handshake: hosts that nobody names, and"
          + " clients without SNI, get the operator's default certificate.")
  void tls_forAllHosts_changesNoHandshake() {
    for (World world : both) {
      with(world, shop("shop.test", "/"));
      Resource listener = world.resource(ResourceType.LISTENER, "https");

      world.apply(
          ingress("web").in("evil").ordinal(0).tls("tls").defaultBackend("web", 80).build(),
          ingress("any").in("evil").host(null).prefix("/", "web", 80).tls("tls").build());

      assertEquals(listener, world.resource(ResourceType.LISTENER, "https"));
      assertTrue(
          world.verdict(EVIL, "spec.tls[0]").message().contains("default certificate"));
    }
  }

  @Test
  @DisplayName(
      "A name without a rule of its own below a wildcard gets the certificates of the wildcard's"
          + " owner only, who gets its requests; one that no rule covers gets that of the oldest"
          + " Ingress that names it, until somebody has a rule for it.")
  void certificates_ofANameWithoutRules_areOfWhoGetsItsRequests() {
    for (World world : both) {
      with(
          world,
          shop("*.shop.test", "/").tls("tls", "*.shop.test"),
          web("evil", 0).tls("tls", "a.shop.test").tls("tls", "free.test").defaultBackend("web", 80));

      assertEquals(List.of("shop/tls"), certificates(world, "a.shop.test"));
      refused(world, "spec.tls[0]", "*.shop.test", "namespace shop");
      assertEquals(List.of("evil/tls"), certificates(world, "free.test"));

      world.apply(ingress("more").in("shop").ordinal(5).host("free.test").build());
      assertEquals(DEFAULT, certificates(world, "free.test"));
    }
  }

  @Test
  @DisplayName(
      "Then only these namespaces have it, whatever the mode, and age does not matter; an Ingress of"
          + " another gets a verdict that names them.")
  void given_host_isNobodyElses() {
    for (World world : both) {
      with(
          world,
          evil(0, "shop.test", "/e").tls("tls", "shop.test").defaultBackend("web", 80),
          shop("shop.test", "/s"));

      world.apply(given("shop", "shop.test"));

      assertEquals("shop/web/80", world.request("shop.test", "/s"));
      assertEquals("404", world.request("shop.test", "/e"));
      assertEquals("404", world.request("shop.test", "/else"));
      assertEquals(DEFAULT, certificates(world, "shop.test"));
      refused(world, PATH, "shop.test", "namespace shop");
      refused(world, "spec.tls[0]", "namespace shop");
      assertEquals(
          Outcome.APPLIED, world.verdict(ObjectRef.namespace("shop"), "metadata.annotations[isoline.io/hosts]").outcome());
    }
  }

  @Test
  @DisplayName("A wildcard gives all names below, at any depth, but not the name itself.")
  void given_wildcard_isForAllNamesBelow() {
    for (World world : both) {
      with(
          world,
          evil(0, "x.a.shop.test", "/"),
          ingress("deep").in("evil").ordinal(0).host("z.y.x.a.shop.test").prefix("/", "web", 80),
          ingress("wild").in("evil").ordinal(0).host("*.x.a.shop.test").prefix("/", "web", 80),
          ingress("apex").in("evil").ordinal(0).host("a.shop.test").prefix("/", "web", 80));

      world.apply(given("shop", "*.a.shop.test"));

      assertEquals("404", world.request("x.a.shop.test", "/"));
      assertEquals("404", world.request("z.y.x.a.shop.test", "/"));
      assertEquals("404", world.request("w.x.a.shop.test", "/"));
      assertEquals("evil/web/80", world.request("a.shop.test", "/"));
    }
  }

  @Test
  @DisplayName(
      "Where several namespaces are given a host, also one by its name and another by a wildcard, it"
          + " is for these as it is for all without that: the oldest Ingress of theirs owns it.")
  void given_toSeveral_ageDecidesAmongThem() {
    with(owned, shop("shop.test", "/"), evil(0, "shop.test", "/"));
    owned.apply(
        web("third", 2).host("shop.test").prefix("/", "web", 80).build(),
        given("shop", "*.test"),
        given("third", "shop.test"));
    assertEquals("shop/web/80", owned.request("shop.test", "/"));

    owned.delete(ObjectRef.ingress("shop", "web"));
    assertEquals("third/web/80", owned.request("shop.test", "/"));
  }

  @Test
  @DisplayName(
      "A host that was given and that none of its namespaces names is served by nobody else: not by a"
          + " wildcard above it, not by a rule without a host, and with no certificate of theirs.")
  void given_hostThatItsNamespacesDoNotName_isServedByNobodyElse() {
    World world =
        with(
            shared,
            evil(0, "*.shop.test", "/").tls("tls", "*.shop.test"),
            ingress("any").in("evil").ordinal(0).host(null).prefix("/", "web", 80));
    assertEquals("evil/web/80", world.request("b.shop.test", "/"));

    world.apply(given("shop", "b.shop.test, *.own.test, own.test"));

    assertEquals("404", world.request("b.shop.test", "/"));
    assertEquals(DEFAULT, certificates(world, "b.shop.test"));
    assertEquals("404", world.request("own.test", "/"));
    assertEquals("404", world.request("x.own.test", "/"));
    assertEquals("evil/web/80", world.request("c.shop.test", "/"));

    world.apply(ingress("plain").in("shop").defaultBackend("default", 80).build());
    assertEquals("shop/default/80", world.request("own.test", "/"));
  }

  @Test
  @DisplayName(
      "`*` gives the right to serve the hosts that nobody names; with `owned` nobody has it without"
          + " that, with `shared` everybody while nobody is given it.")
  void given_any_isTheRightToServeHostsThatNobodyNames() {
    for (World world : both) {
      with(
          world,
          web("evil", 0).host(null).prefix("/e", "web", 80),
          ingress("plain").in("evil").ordinal(0).defaultBackend("web", 80),
          ingress("any").in("shop").ordinal(1).host(null).prefix("/s", "web", 80));
    }
    assertEquals("evil/web/80", shared.request("unknown.test", "/e"));
    assertEquals("shop/web/80", shared.request("unknown.test", "/s"));
    assertEquals("404", owned.request("unknown.test", "/e"));
    assertEquals("404", owned.request("unknown.test", "/s"));
    assertEquals("404", owned.request("unknown.test", "/"));
    refused(owned, PATH, "nobody names");
    for (World world : both) {
      world.apply(given("shop", "*"));

      assertEquals("404", world.request("unknown.test", "/e"));
      assertEquals("shop/web/80", world.request("unknown.test", "/s"));
      assertEquals("404", world.request("unknown.test", "/"));
      refused(world, PATH, "namespace shop");
    }
  }

  @Test
  @DisplayName(
      "An entry that is no host gives nothing and protects nothing, as no guess may take a host from"
          + " anybody; the Namespace gets a verdict, and the other entries stay in force.")
  void given_entryThatIsNoHost_givesNothing() {
    for (World world : both) {
      with(world, evil(0, "shop.test", "/"), shop("shop.test", "/"));
      world.apply(given("shop", "shop.test, a..b, *.*.test, x*, 1.2.3.4"));

      assertEquals("shop/web/80", world.request("shop.test", "/"));
      Verdict verdict =
          world.verdict(
              ObjectRef.namespace("shop"), "metadata.annotations[isoline.io/hosts]");
      assertEquals(Outcome.REFUSED, verdict.outcome());
      for (String bad : List.of("a..b", "*.*.test", "x*", "1.2.3.4")) {
        assertTrue(verdict.message().contains('"' + bad + '"'), verdict::toString);
      }
    }
  }

  @Test
  @DisplayName(
      "Where it is plain which host is meant, it counts in spite of the slip, with a verdict: capital"
          + " letters, a URL, a port, a dot at the end, other separators than commas.")
  void given_entryWithASlip_counts() {
    for (String slip :
        List.of(
            "Shop.Test", "https://shop.test/x", "shop.test:443", "shop.test.", "a.test; shop.test",
            "[\"shop.test\"]", "a.test\nshop.test")) {
      World world = with(new World(), evil(0, "shop.test", "/"), shop("shop.test", "/"));
      world.apply(given("shop", slip));

      assertEquals("shop/web/80", world.request("shop.test", "/"), slip);
    }
    World world = World.of(given("shop", "https://shop.test:8443/x"));
    Verdict verdict =
        world.verdict(ObjectRef.namespace("shop"), "metadata.annotations[isoline.io/hosts]");
    assertEquals(Outcome.APPLIED_WITH_DIFFERENCE, verdict.outcome());
  }

  @Test
  @DisplayName(
      "`tenancy.grants` in the configuration file does the same, and is added to what annotations"
          + " give.")
  void given_bySettings_isTheSame() {
    World world =
        with(
            new World(settings(Hosts.SHARED, new HostGrant("shop", "shop.test"))),
            evil(0, "shop.test", "/"),
            shop("shop.test", "/"));
    assertEquals("shop/web/80", world.request("shop.test", "/"));

    world.apply(given("evil", "shop.test"));
    assertEquals("evil/web/80", world.request("shop.test", "/"));

    world.configure(settings(Hosts.SHARED));
    world.apply(new NamespaceRecord(ObjectRef.namespace("evil"), new TreeMap<>(), false));
    world.apply(given("shop", "shop.test"));
    assertEquals("shop/web/80", world.request("shop.test", "/"));
  }

  @Test
  @DisplayName(
      "Who has an older Ingress and edits it to name the host gets it, as Kubernetes keeps no record"
          + " of since when an Ingress names a host, and all replicas must decide alike, also after a"
          + " restart: give the host to its namespace.")
  void limit_olderIngressIsEdited_takesTheHostThatWasNotGiven() {
    World world = with(owned, shop("shop.test", "/"), evil(0, "other.test", "/"));
    world.apply(evil(0, "shop.test", "/").build());
    assertEquals("evil/web/80", world.request("shop.test", "/"));
    Verdict told = world.verdict(ObjectRef.ingress("shop", "web"), PATH);
    assertTrue(told.message().contains("namespace evil"), told::toString);
    assertTrue(told.fix().contains("isoline.io/hosts"), told::toString);

    world.apply(given("shop", "shop.test"));
    assertEquals("shop/web/80", world.request("shop.test", "/"));
  }

  @Test
  @DisplayName(
      "With `shared` another's path `/` gets all that the paths of the owner leave, and goes before"
          + " the owner's default backends: use `owned`, or give the host.")
  void limit_rootPathOfAnother_getsWhatTheOwnersPathsLeave() {
    IngressBuilder shop = shop("shop.test", "/s").defaultBackend("default", 80);
    for (World world : both) {
      with(world, shop, evil(2, "shop.test", "/"));
    }
    assertEquals("evil/web/80", shared.request("shop.test", "/login"));
    assertEquals("shop/default/80", owned.request("shop.test", "/login"));

    shared.apply(given("shop", "shop.test"));
    assertEquals("shop/default/80", shared.request("shop.test", "/login"));
  }

  @Test
  @DisplayName(
      "A name below another's wildcard can be named by anybody, with a certificate of its own, if the"
          + " wildcard was not given.")
  void limit_nameBelowAnothersWildcard_canBeTaken() {
    for (World world : both) {
      with(
          world,
          shop("*.shop.test", "/").tls("tls", "*.shop.test"),
          evil(2, "a.shop.test", "/").tls("tls", "a.shop.test"));
      assertEquals("evil/web/80", world.request("a.shop.test", "/"));
      assertEquals(List.of("evil/tls"), certificates(world, "a.shop.test"));

      world.apply(given("shop", "*.shop.test"));
      assertEquals("shop/web/80", world.request("a.shop.test", "/"));
      assertEquals(List.of("shop/tls"), certificates(world, "a.shop.test"));
    }
  }
}
