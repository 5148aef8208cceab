package io.isoline.translator;

import com.google.protobuf.ByteString;
import io.isoline.translator.annotation.Annotation;
import io.isoline.translator.annotation.Annotations;
import io.isoline.translator.annotation.OperatorsAuth;
import io.isoline.translator.kube.Age;
import io.isoline.translator.kube.ClusterObject;
import io.isoline.translator.kube.ConfigMapRecord;
import io.isoline.translator.kube.EndpointSliceRecord;
import io.isoline.translator.kube.IngressClassRecord;
import io.isoline.translator.kube.IngressRecord.Backend;
import io.isoline.translator.kube.IngressRecord.ResourceBackend;
import io.isoline.translator.kube.IngressRecord.ServiceBackend;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.kube.NamespaceRecord;
import io.isoline.translator.kube.SecretRecord;
import io.isoline.translator.kube.ServiceRecord;
import io.isoline.translator.model.HttpOptions;
import io.isoline.translator.model.TlsOptions;
import io.isoline.translator.model.Tracing;
import io.isoline.translator.settings.HostSettings;
import io.isoline.translator.settings.AuthSettings;
import io.isoline.translator.settings.ErrorSettings;
import io.isoline.translator.settings.IngressSettings;
import io.isoline.translator.settings.ListenerSettings;
import io.isoline.translator.settings.NetworkSettings;
import io.isoline.translator.settings.PortService;
import io.isoline.translator.settings.ServiceSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Objects made of small pools, so that they meet, and of nonsense. The same seed gives the same
 * objects.
 */
final class RandomObjects {

  private static final String HUGE = "a".repeat(5000);

  private static final @Nullable String[] HOSTS = {
    null, "", "a.com", "A.com", "b.com", "x.a.com", "y.a.com", "x.y.a.com", "*.a.com", "*.com",
    "*.y.a.com", "localhost", "*", "a..com", "1.2.3.4", "a.com:80", "[::1]", HUGE, "\n", "\u0000"
  };
  private static final @Nullable String[] PATHS = {
    null, "", "/", "/foo", "/foo/", "/foo/bar", "/foobar", "foo", "/a b", "/\u00e9", "/%41", "/%zz",
    "/a?b", "//", "/..", "/.well-known/acme-challenge/", "/" + HUGE, "/\ud800", "/a\nb", "/(.*)"
  };
  private static final @Nullable String[] PATH_TYPES = {
    "Prefix", "Prefix", "Exact", "Exact", "ImplementationSpecific", null, "", "prefix"
  };
  private static final @Nullable String[] SERVICES = {
    "s1", "s1", "s2", "s3", "missing", null, "", "a/b", "S1", HUGE, "."
  };
  private static final @Nullable Integer[] NUMBERS = {80, 80, 8080, 443, null, 0, -1, 70_000};
  private static final @Nullable String[] PORTS = {"http", "http", "grpc", null, null, "", HUGE};
  private static final @Nullable String[] CLASSES = {
    "isoline", "isoline", "isoline", "edge", "nginx", null, ""
  };
  private static final @Nullable String[] SECRETS = {
    "e1", "e1", "e2", "r1", "future", "expired", "bad", "missing", null, "", "a/b", "a+b", HUGE
  };
  private static final @Nullable String[] APP_PROTOCOLS = {
    null, null, "http", "https", "kubernetes.io/h2c", "grpc", "kubernetes.io/wss", "?", HUGE
  };
  private static final @Nullable String[] DNS_NAMES = {
    null, null, null, null, "example.org", "EXAMPLE.org.", "localhost", "127.0.0.1", "", HUGE, "\n"
  };
  private static final @Nullable String[] CLUSTER_IPS = {
    null, "10.96.0.1", "10.96.0.2", "2001:db8::96", "127.0.0.1", "x", HUGE
  };
  private static final String[] ADDRESSES = {
    "10.0.0.1", "10.0.0.2", "10.0.0.2", "2001:db8::1", "::1", "", "x", "1.2.3.4.5", HUGE
  };
  private static final String[] GRANTED = {
    "a.com", "*.a.com", "x.a.com", "*.y.a.com", "*.com", "*", "free.com", "*.free.com", "a..com",
    "https://B.com:443/", "\u0000", HUGE
  };
  private static final String[] NAMESPACES = {"default", "default", "other"};

  private static final String[] WEIGHTS = {"0", "30", "100"};

  private static final String[] TARGETS = {"/$1", "/x", "/"};

  private static final String[] HEADERS = {"X-A", "x-a", "X-B", "Connection", ""};

  private static final Annotation<?>[] ANNOTATIONS =
      Annotations.all().toArray(Annotation<?>[]::new);

  private static final TestCertificate[] CERTIFICATES = {
    TestCertificate.ecdsa("a.com", "*.a.com"),
    TestCertificate.ecdsa("a.com", "*.a.com"),
    TestCertificate.ecdsa("b.com"),
    TestCertificate.rsa("a.com", "b.com"),
    TestCertificate.ecdsaFromTo("2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z", "a.com"),
    TestCertificate.ecdsaFromTo("2025-12-01T00:00:00Z", "2026-01-01T00:00:00Z", "a.com"),
    TestCertificate.mismatched("a.com"),
    new TestCertificate(ByteString.EMPTY, ByteString.copyFromUtf8("\u0000")),
  };

  private final Random random;

  RandomObjects(long seed) {
    random = new Random(seed);
  }

  /** Some objects of a cluster, none of them twice, in no order. */
  List<ClusterObject> cluster() {
    TreeMap<ObjectRef, ClusterObject> objects = new TreeMap<>();
    for (ClusterObject object : times(25, this::object)) {
      objects.put(object.ref(), object);
    }
    return shuffled(objects.values());
  }

  /** Batches of changes, some of them of objects that are not there or as they were. */
  List<List<Change>> batches() {
    return times(8, () -> times(8, this::change));
  }

  <T> List<T> shuffled(Iterable<T> items) {
    List<T> list = new ArrayList<>();
    items.forEach(list::add);
    java.util.Collections.shuffle(list, random);
    return list;
  }

  private Change change() {
    return switch (random.nextInt(12)) {
      case 0, 1, 2 -> new Change.Delete(object().ref());
      case 3 -> new Change.Configure(settings());
      default -> new Change.Upsert(object());
    };
  }

  Settings settings() {
    Settings d = SettingsVariants.named("everything", World.DEFAULTS);
    ListenerSettings.Tls tls =
        chance(2)
            ? World.DEFAULTS.listeners().tls()
            : new ListenerSettings.Tls(
                TlsOptions.Version.TLSv1_3,
                ByteString.copyFromUtf8("other certificate"),
                ByteString.copyFromUtf8("other key"));
    tls = tls.passing(!chance(3));
    HttpOptions http = d.http();
    return new Settings(
        new IngressSettings(
            new IngressSettings.Classes(
                List.of("isoline"),
                chance(4) ? "nginx.org" : chance(3) ? "k8s.io/ingress-nginx" : "isoline.io",
                chance(2),
                chance(3) ? List.of("isoline") : chance(3) ? List.of("edge", "nginx") : List.of()),
            tenancy(),
            chance(3)
                ? new IngressSettings.DefaultBackend(
                    pick(NAMESPACES), chance(3) ? "s1" : "s2", null, 80)
                : null,
            chance(3)
                ? new AuthSettings(
                    OperatorsAuth.url("http://auth.example.com/"),
                    "",
                    null,
                    "rd",
                    List.of(),
                    "",
                    null,
                    "200 5m")
                : AuthSettings.OFF,
            chance(3) ? new ErrorSettings(List.of(404, 503), chance(2)) : ErrorSettings.OFF),
        new ListenerSettings(
            new ListenerSettings.Place("0.0.0.0", chance(4) ? 0 : 8080, 0, chance(2)),
            new ListenerSettings.Place("0.0.0.0", chance(4) ? 0 : 8443, 443, chance(2)),
            tls,
            times(4, this::portService)),
        new HostSettings(chance(2), chance(2) ? null : d.hosts().hsts()),
        new HttpOptions(
            random.nextInt(2),
            chance(2) ? List.of() : http.trustedHeaders(),
            http.headersWithUnderscores(),
            new HttpOptions.Paths(
                chance(2)
                    ? HttpOptions.Paths.EscapedSlashes.DECODE
                    : HttpOptions.Paths.EscapedSlashes.KEEP,
                chance(2)),
            new HttpOptions.Http1(chance(2), chance(2)),
            http.http2(),
            chance(2),
            http.timeouts(),
            http.limits(),
            chance(2) ? null : http.accessLog(),
            chance(2) ? null : http.compression(),
            chance(2)),
        d.backends(),
        new ServiceSettings(chance(2), chance(2), "cluster.local"),
        new NetworkSettings(chance(2), d.network().connectionBufferBytes()),
        chance(2) ? null : tracing());
  }

  private Tracing tracing() {
    return new Tracing(
        new Tracing.Collector(
            new Tracing.Address(pick(new String[] {"127.0.0.1", "::1", "collector"}), 4317),
            chance(2) ? Tracing.Wire.GRPC : Tracing.Wire.HTTP,
            null),
        "isoline",
        pick(new Integer[] {0, 1, Tracing.EVERY}),
        chance(2),
        chance(2));
  }

  private IngressSettings.Tenancy tenancy() {
    return new IngressSettings.Tenancy(
        chance(2) ? IngressSettings.Tenancy.Hosts.SHARED : IngressSettings.Tenancy.Hosts.OWNED,
        times(1, () -> new IngressSettings.HostGrant(pick(NAMESPACES), pick(GRANTED))));
  }

  private ClusterObject object() {
    return switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> ingress();
      case 4, 5 -> service();
      case 6, 7 -> slice();
      case 8 -> secret();
      case 9 -> namespace();
      case 10 -> configMap();
      default -> ingressClass();
    };
  }

  /** Asks for what has to do with other objects, and with other Ingresses of a host. */
  private void ask(Map<String, String> annotations) {
    if (chance(5)) {
      own(annotations, "server-alias", orEmpty(pick(HOSTS)) + "," + orEmpty(pick(HOSTS)));
    }
    if (chance(8)) {
      own(annotations, "from-to-www-redirect", "true");
    }
    if (chance(5)) {
      own(annotations, "canary", "true");
      own(annotations, "canary-weight", pick(WEIGHTS));
    }
    if (chance(6)) {
      own(annotations, "use-regex", "true");
    }
    if (chance(6)) {
      own(annotations, "rewrite-target", pick(TARGETS));
    }
    if (chance(8)) {
      own(annotations, "app-root", "/app");
    }
    if (chance(6)) {
      own(annotations, "auth-type", "basic");
      own(annotations, "auth-secret", orEmpty(pick(SECRETS)));
    }
    if (chance(6)) {
      own(annotations, "auth-tls-secret", pick(NAMESPACES) + "/" + orEmpty(pick(SECRETS)));
    }
    if (chance(8)) {
      own(annotations, "force-ssl-redirect", "true");
    }
    if (chance(8)) {
      own(annotations, "enable-global-auth", "false");
    }
    if (chance(4)) {
      own(annotations, "ssl-passthrough", chance(4) ? "false" : "true");
    }
    if (chance(8)) {
      own(annotations, "allowlist-source-range", "10.0.0.0/8");
    }
  }

  private static void own(Map<String, String> annotations, String key, String value) {
    annotations.put(Annotations.OWN_PREFIX + key, value);
  }

  private IngressRecord ingress() {
    int number = random.nextInt(6);
    TreeMap<String, String> annotations = new TreeMap<>();
    if (chance(6)) {
      annotations.put("kubernetes.io/ingress.class", orEmpty(pick(CLASSES)));
    }
    if (chance(6)) {
      annotations.put("nginx.ingress.kubernetes.io/" + number, HUGE);
    }
    for (Annotation<?> each : times(3, () -> pick(ANNOTATIONS))) {
      annotations.put(
          (chance(2) ? Annotations.OWN_PREFIX : Annotations.NGINX_PREFIX) + each.key(),
          chance(8) ? HUGE : each.example());
    }
    if (chance(4)) {
      annotations.put(Annotations.OWN_PREFIX + "default-backend", orEmpty(pick(SERVICES)));
      annotations.put(Annotations.NGINX_PREFIX + "custom-http-errors", "404,503");
    }
    if (chance(6)) {
      annotations.put(Annotations.OWN_PREFIX + "proxy-ssl-secret", orEmpty(pick(SECRETS)));
      annotations.put(Annotations.OWN_PREFIX + "backend-protocol", "HTTPS");
    }
    ask(annotations);
    return new IngressRecord(
        ObjectRef.ingress(pick(NAMESPACES), "i" + number),
        age(),
        chance(6),
        pick(CLASSES),
        annotations,
        chance(3) ? backend() : null,
        times(
            2,
            () ->
                new IngressRecord.Tls(
                    times(2, () -> orEmpty(pick(HOSTS))), pick(SECRETS))),
        times(
            3,
            () ->
                new IngressRecord.Rule(
                    pick(HOSTS),
                    chance(5)
                        ? null
                        : times(
                            3,
                            () ->
                                new IngressRecord.Path(
                                    pick(PATHS),
                                    pick(PATH_TYPES),
                                    chance(8) ? null : backend())))));
  }

  /** Few ages, so that names must decide. */
  private Age age() {
    return chance(2)
        ? new Age(null, random.nextInt(3))
        : new Age(Instant.ofEpochSecond(random.nextInt(3)), random.nextInt(2));
  }

  private Backend backend() {
    return new Backend(
        chance(8) ? null : new ServiceBackend(pick(SERVICES), pick(PORTS), pick(NUMBERS)),
        chance(8) ? new ResourceBackend(null, chance(2) ? null : "Bucket", null) : null);
  }

  private ServiceRecord service() {
    return new ServiceRecord(
        ObjectRef.service(pick(NAMESPACES), "s" + (1 + random.nextInt(3))),
        pick(DNS_NAMES),
        pick(CLUSTER_IPS),
        times(2, () -> chance(2) ? "IPv4" : "IPv6"),
        times(
            3,
            () ->
                new ServiceRecord.Port(
                    orEmpty(pick(PORTS)), number(), chance(5) ? "UDP" : "TCP", pick(APP_PROTOCOLS))));
  }

  private PortService portService() {
    boolean tcp = chance(2);
    boolean named = chance(3);
    return new PortService(
        tcp ? PortService.Transport.TCP : PortService.Transport.UDP,
        9000 + random.nextInt(3),
        new IngressSettings.DefaultBackend(
            NAMESPACES[random.nextInt(NAMESPACES.length)],
            List.of("s1", "s2", "missing").get(random.nextInt(3)),
            named ? "http" : null,
            named ? 0 : 80),
        tcp && chance(2),
        tcp && chance(2));
  }

  private int number() {
    Integer number = pick(NUMBERS);
    return number == null ? 80 : number;
  }

  private EndpointSliceRecord slice() {
    return new EndpointSliceRecord(
        ObjectRef.endpointSlice(pick(NAMESPACES), "e" + random.nextInt(5)),
        chance(8) ? null : "s" + (1 + random.nextInt(3)),
        chance(2) ? "IPv4" : chance(2) ? "IPv6" : chance(2) ? "FQDN" : "",
        times(
            2,
            () ->
                new EndpointSliceRecord.Port(
                    orEmpty(pick(PORTS)), pick(NUMBERS), chance(5) ? "UDP" : "TCP")),
        times(
            3,
            () ->
                new EndpointSliceRecord.Endpoint(
                    times(1, () -> pick(ADDRESSES)), chance(2), chance(2), chance(2))));
  }

  private SecretRecord secret() {
    TestCertificate certificate = pick(CERTIFICATES);
    return SecretRecord.tls(
        ObjectRef.secret(
            pick(NAMESPACES), orEmpty(SECRETS[random.nextInt(7)])),
        "kubernetes.io/tls",
        chance(8) ? null : certificate.chain(),
        chance(8) ? null : certificate.key());
  }

  private ConfigMapRecord configMap() {
    TreeMap<String, String> data = new TreeMap<>();
    times(2, () -> pick(HEADERS)).forEach(name -> data.put(name, chance(8) ? HUGE : "1"));
    return ConfigMapRecord.of(ObjectRef.configMap(pick(NAMESPACES), "headers"), data);
  }

  private NamespaceRecord namespace() {
    TreeMap<String, String> annotations = new TreeMap<>();
    if (chance(2)) {
      annotations.put(
          "isoline.io/hosts", String.join(chance(2) ? "," : " ", times(2, () -> pick(GRANTED))));
    }
    if (chance(6)) {
      annotations.put("isoline.io/host", HUGE);
    }
    return new NamespaceRecord(
        ObjectRef.namespace(pick(NAMESPACES)), annotations, chance(4));
  }

  private IngressClassRecord ingressClass() {
    return new IngressClassRecord(
        ObjectRef.ingressClass(chance(2) ? "isoline" : chance(2) ? "edge" : "nginx"),
        age(),
        chance(3) ? null : chance(3) ? "nginx.org" : chance(3) ? "k8s.io/ingress-nginx" : "isoline.io",
        chance(2),
        chance(4));
  }

  private boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  private <T extends @Nullable Object> T pick(T[] pool) {
    return pool[random.nextInt(pool.length)];
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private <T> List<T> times(int most, Supplier<T> maker) {
    List<T> made = new ArrayList<>();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      made.add(maker.get());
    }
    return made;
  }
}
