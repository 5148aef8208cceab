package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.envoyproxy.envoy.config.route.v3.Route;
import io.isoline.translator.kube.ClusterObject;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.settings.HostSettings;
import io.isoline.translator.settings.IngressSettings.Tenancy;
import io.isoline.translator.settings.IngressSettings;
import io.isoline.tries.Tries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Whatever the namespace {@code evil} writes, requests and handshakes for hosts that belong to
 * {@code shop} get what they got before, but for the paths that {@code tenancy.hosts: shared}
 * allows. The hosts are shop's as its Ingresses are the oldest, or as they were given to it.
 */
final class TenantsPropertiesTest {

  private static final int TRIES = 400;

  private static final List<String> HOSTS =
      List.of(
          "shop.test", "a.shop.test", "x.a.shop.test", "z.y.x.a.shop.test", "*.shop.test",
          "*.a.shop.test", "*.x.a.shop.test", "*.test", "other.test");
  private static final List<String> PATHS = List.of("/", "/p", "/p/q", "/q", "/login");
  private static final List<String> REQUESTS =
      List.of("/", "/p", "/p/q", "/p/q/r", "/q", "/login", "/.well-known/acme-challenge/x");
  private static final List<TestCertificate> CERTIFICATES =
      List.of(
          TestCertificate.ecdsa("*.shop.test"),
          TestCertificate.ecdsa("shop.test"),
          TestCertificate.rsa("shop.test"),
          TestCertificate.mismatched("shop.test"));

  @Test
  void apply_anythingOfAnotherNamespace_leavesHostsAsTheyWere() {
    Tries.of(TRIES).run(draw -> new Attempt(new Random(draw.seed())).run());
  }

  /** What a client gets. */
  private record Answers(
      Map<String, String> requests,
      Map<String, Route> routes,
      Map<String, List<String>> certificates) {}

  private static final class Attempt {

    private final Random random;
    private final boolean given;
    private final boolean owned;
    private final World world;
    private final List<IngressRecord> shop = new ArrayList<>();
    private final TreeSet<String> hosts = new TreeSet<>();

    Attempt(Random random) {
      this.random = random;
      given = random.nextBoolean();
      owned = random.nextBoolean();
      Settings settings = Tenants.settings(owned ? Tenancy.Hosts.OWNED : Tenancy.Hosts.SHARED);
      world =
          new World(
              settings
                  .with(
                      new HostSettings(
                          random.nextBoolean(),
                          random.nextBoolean()
                              ? null
                              : new HostSettings.Hsts(Duration.ofDays(1), false, false)))
                  .with(
                      settings
                          .ingress()
                          .withDefaultBackend(
                              random.nextBoolean()
                                  ? null
                                  : new IngressSettings.DefaultBackend("third", "s1", null, 80))));
    }

    void run() {
      for (int i = 0; i <= random.nextInt(3); i++) {
        IngressRecord ingress = ingressOf("shop", i, 100 + i);
        shop.add(ingress);
        ingress.rules().forEach(rule -> hosts.add(Objects.requireNonNull(rule.host())));
      }
      world.apply(shop.toArray(ClusterObject[]::new));
      apply(things("shop"));
      if (given && !hosts.isEmpty()) {
        world.apply(Tenants.given("shop", String.join(",", hosts)));
      }
      apply(everythingOf("third", 200));
      Answers before = answers();
      Map<Resource.Key, Resource> resources = new TreeMap<>(world.resources());

      // Where hosts were given, age is nothing.
      List<ClusterObject> evil = everythingOf("evil", given ? 50 : 300);
      apply(evil);

      same(before, answers(), resources);
      world.delete(evil.stream().map(ClusterObject::ref).distinct().toArray(ObjectRef[]::new));
      assertEquals(resources, world.resources());
    }

    private void same(Answers before, Answers after, Map<Resource.Key, Resource> resources) {
      assertEquals(before.certificates(), after.certificates());
      for (Map.Entry<String, String> request : before.requests().entrySet()) {
        String now = after.requests().get(request.getKey());
        if (now != null && !now.equals(request.getValue())) {
          Route route = Objects.requireNonNull(after.routes().get(request.getKey()));
          Route instead = before.routes().get(request.getKey());
          assertTrue(!given && !owned, request + " is now " + now);
          assertTrue(route.getName().startsWith("ingress/evil/"), request + " is now " + now);
          assertTrue(
              instead == null
                  || instead.getMatch().getPrefix().equals("/")
                  || !instead.getMatch().equals(route.getMatch()),
              request + " had this path, now " + now);
        }
      }
      resources.forEach(
          (key, resource) -> {
            boolean own = key.name().startsWith("shop/");
            boolean ofHost =
                (given || owned)
                    && key.name().startsWith("ingress/")
                    && hosts.contains(key.name().substring("ingress/".length()))
                    && !key.name().contains("*");
            Resource now = world.resources().get(key);
            // What served hosts that nobody names, or without a rule, may be needed no more.
            if (ofHost || (own && now != null)) {
              assertEquals(resource, now, key::toString);
            }
          });
    }

    private Answers answers() {
      Answers answers = new Answers(new TreeMap<>(), new HashMap<>(), new TreeMap<>());
      RouteTable routes = world.routes();
      for (String host : hosts) {
        // Nobody names this one, so it is the wildcard's.
        String name = host.startsWith("*.") ? "probe" + host.substring(1) : host;
        answers.certificates().put(name, Tenants.certificates(world, name));
        for (String scheme : List.of("http", "https")) {
          for (String path : REQUESTS) {
            String key = scheme + "://" + name + path;
            answers.requests().put(key, routes.request(scheme, name, path));
            Route route = routes.route(scheme, name, path);
            if (route != null) {
              answers.routes().put(key, route);
            }
          }
        }
      }
      return answers;
    }

    private void apply(List<ClusterObject> objects) {
      // In several batches.
      for (ClusterObject object : objects) {
        world.apply(object);
      }
    }

    private List<ClusterObject> everythingOf(String namespace, int age) {
      List<ClusterObject> objects = new ArrayList<>(things(namespace));
      for (int i = 0; i <= random.nextInt(4); i++) {
        objects.add(ingressOf(namespace, i, age + random.nextInt(5)));
      }
      return objects;
    }

    private List<ClusterObject> things(String namespace) {
      return List.of(
          Tenants.service(namespace, "s1"),
          Tenants.service(namespace, "s2"),
          Tenants.secret(namespace, "t1", pick(CERTIFICATES)),
          Tenants.secret(namespace, "t2", pick(CERTIFICATES)));
    }

    private IngressRecord ingressOf(String namespace, int number, int age) {
      IngressBuilder ingress = ingress("i" + number).in(namespace).ordinal(age);
      for (int i = random.nextInt(3); i > 0; i--) {
        boolean any = !namespace.equals("shop") && random.nextInt(4) == 0;
        ingress.host(any ? null : pick(HOSTS));
        for (int j = random.nextInt(3); j > 0; j--) {
          String service = random.nextInt(8) == 0 ? "missing" : "s" + (1 + random.nextInt(2));
          if (random.nextInt(4) == 0) {
            ingress.exact(pick(PATHS), service, 80);
          } else {
            ingress.prefix(pick(PATHS), service, 80);
          }
        }
      }
      if (random.nextInt(3) == 0) {
        ingress.defaultBackend("s" + (1 + random.nextInt(2)), 80);
      }
      for (int i = random.nextInt(3); i > 0; i--) {
        if (random.nextInt(3) == 0) {
          ingress.tls("t" + (1 + random.nextInt(2)));
        } else {
          ingress.tls("t" + (1 + random.nextInt(2)), pick(HOSTS), pick(HOSTS));
        }
      }
      // Of the third namespace it would yield to what evil writes, as it should.
      if (namespace.equals("evil") && random.nextInt(5) == 0) {
        ingress.terminating();
      }
      return ingress.build();
    }

    private <T> T pick(List<T> pool) {
      return pool.get(random.nextInt(pool.size()));
    }
  }
}
