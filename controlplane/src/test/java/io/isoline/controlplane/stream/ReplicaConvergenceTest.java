package io.isoline.controlplane.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.ScopedRouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.isoline.controlplane.config.DefaultCertificate;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import io.isoline.translator.Settings;
import io.isoline.translator.Translator;
import io.isoline.translator.Update;
import io.isoline.translator.kube.Age;
import io.isoline.translator.kube.EndpointSliceRecord;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.kube.SecretRecord;
import io.isoline.translator.kube.ServiceRecord;
import io.isoline.translator.tls.ServerCertificate;
import io.isoline.tries.Tries;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Two replicas that hear of the same changes at different times, each with the real translator, and
 * several Envoys that go from one replica to the other: whatever happens in whatever order, all
 * Envoys end with the same, and none has a route in use to a cluster that it lacks.
 *
 * <p>Time is the order of the steps. {@link ConvergenceTest} does the same with one store, and with
 * any resources instead of those that a translator makes.
 */
final class ReplicaConvergenceTest {

  private static final long NEVER = 1L << 50;
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final ServerCertificate.Valid DEFAULT = DefaultCertificate.create(NOW);
  private static final List<ServerCertificate.Valid> CERTIFICATES =
      List.of(DefaultCertificate.create(NOW), DefaultCertificate.create(NOW));

  @Test
  void replicas_anySteps_bringAllEnvoysToTheSame() {
    Tries.of(80).run(draw -> new World(draw.seed(), false).run());
  }

  @Test
  void replicas_withResourcesThatAreRefused_bringAllEnvoysToTheRest() {
    Tries.of(80).run(draw -> new World(draw.seed(), true).run());
  }

  private static final class World {
    private final Random random;
    private final long seed;
    private final boolean refusing;
    private final RandomChanges changes;

    /** What happened in the cluster. */
    private final List<Change> history = new ArrayList<>();

    private final List<Replica> replicas = new ArrayList<>();
    private final List<Link> links = new ArrayList<>();
    private final Set<Resource.Key> everBad = new HashSet<>();
    private final List<String> trace = new ArrayList<>();
    private long now;

    World(long seed, boolean refusing) {
      this.seed = seed;
      this.refusing = refusing;
      random = new Random(seed);
      changes = new RandomChanges(random);
      replicas.add(new Replica());
      replicas.add(new Replica());
      for (int i = 0; i < 3; i++) {
        FakeEnvoy envoy =
            new FakeEnvoy(
                i == 2 ? Variant.SOTW : Variant.DELTA,
                random.nextBoolean() ? FakeEnvoy.Refusal.NAMED : FakeEnvoy.Refusal.WHOLE,
                random.nextBoolean());
        links.add(new Link(envoy, any(replicas)));
      }
    }

    private <T> T any(List<T> all) {
      return all.get(random.nextInt(all.size()));
    }

    void run() {
      try {
        for (int i = 0; i < 120; i++) {
          step();
        }
        replicas.forEach(Replica::catchUp);
        drain();
        assertConverged();
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed + "\n" + String.join("\n", trace), e);
      }
    }

    private void step() {
      int dice = random.nextInt(100);
      if (dice < 20) {
        history.add(changes.next());
        trace.add("  happens " + history.getLast());
      } else if (dice < 35) {
        any(replicas).hear(1 + random.nextInt(5));
      } else if (dice < 91) {
        Link link = any(links);
        for (int i = 0; i <= random.nextInt(4); i++) {
          if (random.nextBoolean()) {
            link.deliverToServer();
          } else {
            link.deliverToClient();
          }
        }
      } else if (dice < 96) {
        Link link = any(links);
        link.connect(any(replicas));
      } else if (dice < 98) {
        restart(random.nextInt(replicas.size()));
      } else {
        drain();
      }
    }

    private void restart(int number) {
      trace.add("  replica " + number + " restarts");
      Replica old = replicas.get(number);
      Replica fresh = new Replica();
      replicas.set(number, fresh);
      links.stream()
          .filter(link -> link.replica == old)
          .forEach(link -> link.connect(any(replicas)));
    }

    /** Until nobody has anything to say. */
    private void drain() {
      replicas.stream().filter(replica -> !replica.store.isLoaded()).forEach(Replica::catchUp);
      links.forEach(Link::drain);
    }

    private void assertConverged() {
      Replica one = replicas.getFirst();
      for (ResourceType type : ResourceType.values()) {
        assertEquals(one.store.version(type), replicas.getLast().store.version(type));
        for (Link link : links) {
          link.assertHolds(type, one.store);
        }
      }
    }

    /** As bad or good as it is on the other replica: it is the content that is refused. */
    private Resource judged(Resource resource) {
      boolean bad =
          refusing && (resource.key() + resource.version() + seed).hashCode() % 10 == 0;
      if (bad) {
        everBad.add(resource.key());
      }
      return new Resource(
          resource.type(),
          resource.name(),
          (bad ? "bad" : "v") + resource.version(),
          resource.body(),
          resource.endpoints());
    }

    /** A replica of the control plane, which has heard of a part of the history. */
    private final class Replica implements ResourceStore.Listener {
      private final Translator translator =
          new Translator(Settings.defaults(DEFAULT.chain(), DEFAULT.key()));
      private final ResourceStore store = new ResourceStore();
      private int heard;

      Replica() {
        store.listen(this);
      }

      /** Takes the next changes as one batch. It serves from the second batch on. */
      void hear(int most) {
        List<Change> batch =
            List.copyOf(history.subList(heard, Math.min(history.size(), heard + most)));
        if (heard > 0 || batch.isEmpty()) {
          store.markLoaded();
        }
        heard += batch.size();
        trace.add("  replica " + replicas.indexOf(this) + " hears of " + batch.size());
        Update update = translator.apply(batch, NOW);
        store.apply(update.changed().stream().map(World.this::judged).toList(), update.removed());
      }

      void catchUp() {
        hear(history.size());
        store.markLoaded();
      }

      @Override
      public void loaded() {
        links.stream()
            .filter(link -> link.replica == this)
            .forEach(link -> link.send(link.stream.loaded(now)));
      }

      @Override
      public void changed(List<Resource.Key> keys) {
        links.stream()
            .filter(link -> link.replica == this)
            .forEach(link -> link.send(link.stream.changed(keys, now)));
      }
    }

    /** An Envoy and its stream, with messages under way between them. */
    private final class Link {
      private final FakeEnvoy client;
      private final Deque<AdsResponse> toClient = new ArrayDeque<>();
      private Replica replica;
      private AdsStream stream;
      private boolean knowsWhatClientHolds = true;

      Link(FakeEnvoy client, Replica replica) {
        this.client = client;
        this.replica = replica;
        stream = newStream(replica);
        client.connect();
      }

      private AdsStream newStream(Replica to) {
        return new AdsStream(
            1, "test", client.variant(), to.store, StreamEvents.NONE, NEVER, 10_000);
      }

      void connect(Replica to) {
        trace.add("  Envoy " + links.indexOf(this) + " connects to " + replicas.indexOf(to));
        replica = to;
        toClient.clear();
        stream = newStream(to);
        client.connect();
        // State of the world cannot say what it holds, so what vanished meanwhile goes at once.
        knowsWhatClientHolds = client.variant() == Variant.DELTA;
      }

      void send(AdsStream.Output output) {
        toClient.addAll(output.responses());
      }

      boolean deliverToServer() {
        AdsRequest request = client.requests.poll();
        if (request == null) {
          return false;
        }
        trace.add(links.indexOf(this) + "> " + request);
        send(stream.request(request, now));
        return true;
      }

      boolean deliverToClient() {
        AdsResponse response = toClient.poll();
        if (response == null) {
          return false;
        }
        trace.add(links.indexOf(this) + "< " + response);
        client.receive(
            new AdsResponse(
                response.typeUrl(),
                response.nonce(),
                response.version(),
                response.resources().stream().map(ReplicaConvergenceTest::inWords).toList(),
                response.removed()));
        Set<String> broken = new TreeSet<>(client.brokenClusters());
        everBad.forEach(key -> broken.remove(key.name()));
        if (knowsWhatClientHolds && everBad.stream().noneMatch(World::isListenerNeed)) {
          assertEquals(Set.of(), broken, "clusters that a route in use lacks");
        }
        return true;
      }

      void drain() {
        for (int i = 0; i < 20_000; i++) {
          boolean moved = deliverToServer();
          moved |= deliverToClient();
          // State of the world cannot say that endpoints are gone which the client waits for.
          if (!moved && (client.variant() == Variant.SOTW || !everBad.isEmpty())) {
            moved = client.fetchTimeout();
          }
          if (!moved && !client.hasRoutes()) {
            // Whether a client that came back has routes is known only after a while.
            moved = tick();
            if (!moved && stream.tick(now).deadline().isPresent()) {
              now += NEVER;
              moved = tick();
            }
          }
          if (!moved) {
            // What a refused response of state of the world left behind stays unknown.
            knowsWhatClientHolds |= everBad.isEmpty();
            return;
          }
        }
        throw new AssertionError("the two never stop to talk");
      }

      /** Whether the time alone, which another link may have moved on, has something to send. */
      private boolean tick() {
        send(stream.tick(now));
        return !toClient.isEmpty();
      }

      void assertHolds(ResourceType type, ResourceStore store) {
        for (Resource resource : store.all(type)) {
          if (client.isSubscribed(type, resource.name())) {
            Resource held = client.held(type).get(resource.name());
            if (Resources.isBad(resource)) {
              assertTrue(held == null || !Resources.isBad(held), "took " + held);
            } else {
              assertNotNull(held, () -> "an Envoy lacks " + resource);
              assertEquals(resource.version(), held.version(), resource.toString());
            }
          }
        }
        boolean canSayThatItIsGone =
            client.variant() == Variant.DELTA || client.variant().canRemove(type);
        if (everBad.isEmpty() && canSayThatItIsGone) {
          client
              .held(type)
              .values()
              .forEach(held -> assertNotNull(store.find(held.key()), "holds for ever " + held));
        }
        assertTrue(
            !everBad.isEmpty()
                || client.activeListeners.size() == store.all(ResourceType.LISTENER).size(),
            "listeners that do not serve");
      }
    }

    /** A listener that can never get warm leaves its predecessor in place. */
    private static boolean isListenerNeed(Resource.Key key) {
      return switch (key.type()) {
        case SECRET, EXTENSION, SCOPE, ROUTE, LISTENER -> true;
        case CLUSTER, ENDPOINT -> false;
      };
    }
  }

  /** The real resource in the words of {@link Resources}. */
  private static Resource inWords(Resource resource) {
    if (resource.type() == ResourceType.SECRET) {
      return resource; // Its bytes matter.
    }
    return Resources.resource(
        resource.type(),
        resource.name(),
        resource.version(),
        words(resource).toArray(String[]::new));
  }

  private static List<String> words(Resource resource) {
    try {
      return switch (resource.type()) {
        case CLUSTER ->
            List.of(
                resource.body().unpack(Cluster.class).getType() == Cluster.DiscoveryType.EDS
                    ? "eds"
                    : "dns");
        case ENDPOINT, SECRET, EXTENSION -> List.of();
        case LISTENER -> listenerNeeds(resource.body().unpack(Listener.class));
        case SCOPE ->
            List.of(
                resource.body().unpack(ScopedRouteConfiguration.class)
                    .getRouteConfigurationName());
        case ROUTE -> clusters(resource.body().unpack(RouteConfiguration.class));
      };
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(resource.toString(), e);
    }
  }

  private static List<String> listenerNeeds(Listener listener)
      throws InvalidProtocolBufferException {
    Set<String> needs = new TreeSet<>(Set.of(Resources.SCOPES));
    List<FilterChain> chains = new ArrayList<>(listener.getFilterChainsList());
    chains.add(listener.getDefaultFilterChain());
    for (FilterChain chain : chains) {
      if (chain.hasTransportSocket()) {
        chain
            .getTransportSocket()
            .getTypedConfig()
            .unpack(DownstreamTlsContext.class)
            .getCommonTlsContext()
            .getTlsCertificateSdsSecretConfigsList()
            .stream()
            .map(SdsSecretConfig::getName)
            .forEach(needs::add);
      }
    }
    return List.copyOf(needs);
  }

  private static List<String> clusters(RouteConfiguration routes) {
    Set<String> clusters = new TreeSet<>();
    for (VirtualHost virtualHost : routes.getVirtualHostsList()) {
      for (Route route : virtualHost.getRoutesList()) {
        if (route.getRoute().hasCluster()) {
          clusters.add(route.getRoute().getCluster());
        }
      }
    }
    return List.copyOf(clusters);
  }

  /** What may happen in a small cluster. */
  private static final class RandomChanges {
    private static final String NAMESPACE = "default";

    private final Random random;
    private final Map<ObjectRef, Boolean> there = new HashMap<>();

    RandomChanges(Random random) {
      this.random = random;
    }

    Change next() {
      if (!there.isEmpty() && random.nextInt(5) == 0) {
        List<ObjectRef> refs = new ArrayList<>(new TreeSet<>(there.keySet()));
        ObjectRef gone = refs.get(random.nextInt(refs.size()));
        there.remove(gone);
        return new Change.Delete(gone);
      }
      Change.Upsert upsert =
          new Change.Upsert(
              switch (random.nextInt(8)) {
                case 0, 1, 2 -> ingress();
                case 3, 4 -> service();
                case 5, 6 -> slice();
                default -> secret();
              });
      there.put(upsert.object().ref(), true);
      return upsert;
    }

    private String one(String... all) {
      return all[random.nextInt(all.length)];
    }

    private IngressRecord ingress() {
      String host = one("a.example.com", "b.example.com", "*.example.com", "c.example.com");
      List<IngressRecord.Path> paths = new ArrayList<>();
      for (int i = 0; i <= random.nextInt(3); i++) {
        paths.add(new IngressRecord.Path(one("/", "/x", "/y"), "Prefix", backend()));
      }
      return new IngressRecord(
          ObjectRef.ingress(NAMESPACE, one("i1", "i2", "i3", "i4")),
          new Age(Instant.EPOCH.plusSeconds(random.nextInt(3)), 0),
          "isoline",
          new TreeMap<>(),
          random.nextInt(6) == 0 ? backend() : null,
          random.nextBoolean()
              ? List.of()
              : List.of(new IngressRecord.Tls(List.of(host), one("c1", "c2"))),
          List.of(new IngressRecord.Rule(host, paths)));
    }

    private IngressRecord.Backend backend() {
      return new IngressRecord.Backend(
          new IngressRecord.ServiceBackend(one("s1", "s2", "s3", "s4"), null, 80), null);
    }

    private ServiceRecord service() {
      return new ServiceRecord(
          ObjectRef.service(NAMESPACE, one("s1", "s2", "s3", "s4")),
          null,
          List.of(),
          List.of(
              new ServiceRecord.Port("web", 80, "TCP", one("http", "https", "kubernetes.io/h2c"))));
    }

    private EndpointSliceRecord slice() {
      String service = one("s1", "s2", "s3", "s4");
      return new EndpointSliceRecord(
          ObjectRef.endpointSlice(NAMESPACE, service + "-1"),
          service,
          "IPv4",
          List.of(new EndpointSliceRecord.Port("web", 8000 + random.nextInt(3), "TCP")),
          List.of(
              new EndpointSliceRecord.Endpoint(
                  List.of("10.0.0." + random.nextInt(3)), random.nextBoolean(), true, false)));
    }

    private SecretRecord secret() {
      ServerCertificate.Valid certificate = CERTIFICATES.get(random.nextInt(2));
      boolean good = random.nextInt(4) > 0;
      return SecretRecord.tls(
          ObjectRef.secret(NAMESPACE, one("c1", "c2")),
          "kubernetes.io/tls",
          good ? certificate.chain() : ByteString.copyFromUtf8("nonsense"),
          certificate.key());
    }
  }
}
