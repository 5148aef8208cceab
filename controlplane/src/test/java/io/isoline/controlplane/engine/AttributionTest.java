package io.isoline.controlplane.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import io.isoline.translator.Settings;
import io.isoline.translator.Translator;
import io.isoline.translator.Update;
import io.isoline.translator.kube.Age;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.kube.SecretRecord;
import io.isoline.translator.kube.ServiceRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who is told when an Envoy refuses a resource, and who is not. */
final class AttributionTest {

  private static final Resource.Key LISTENER = new Resource.Key(ResourceType.LISTENER, "https");
  private static final Resource.Key SHARED = new Resource.Key(ResourceType.ROUTE, "ingress");
  private static final ObjectRef SERVICE = ObjectRef.service("default", "web");
  private static final ObjectRef SECRET = ObjectRef.secret("default", "tls");

  private final Translator translator =
      new Translator(Settings.defaults(ByteString.EMPTY, ByteString.EMPTY));
  private final Attribution attribution = new Attribution(translator);

  @Test
  void origins_ofOneHost_areThoseThatItsRoutesComeFrom() {
    change(plain("a", "a.com"), plain("again", "a.com"), plain("b", "b.com"), plain("any", null));
    assertEquals(
        refs("a", "again"), origins(new Resource.Key(ResourceType.ROUTE, "ingress/a.com")));
    assertEquals(
        refs("a", "again"), origins(new Resource.Key(ResourceType.SCOPE, "ingress/a.com")));
  }

  @Test
  void origins_ofAService_areTheServiceAndThoseThatReferToIt() {
    change(
        new Change.Upsert(
            new ServiceRecord(
                SERVICE, null, List.of(), List.of(new ServiceRecord.Port("", 80, "TCP", null)))),
        plain("a", "a.com"),
        plain("b", "b.com"),
        ingress(ObjectRef.ingress("default", "other"), "c.com", "other", false),
        ingress(ObjectRef.ingress("elsewhere", "a"), "d.com", "web", false));
    Set<ObjectRef> expected =
        Set.of(SERVICE, ObjectRef.ingress("default", "a"), ObjectRef.ingress("default", "b"));
    assertEquals(
        expected, origins(new Resource.Key(ResourceType.CLUSTER, "default/web/80")));
    assertEquals(
        expected, origins(new Resource.Key(ResourceType.ENDPOINT, "default/web/80")));
  }

  @Test
  void origins_ofASecret_areTheSecretAndThoseThatNameIt() {
    change(tls("a", "a.com"), plain("b", "a.com"));
    assertEquals(
        Set.of(SECRET, ObjectRef.ingress("default", "a")),
        origins(new Resource.Key(ResourceType.SECRET, "default/tls")));
  }

  @Test
  void origins_ofWhatNoObjectMade_areNobody() {
    change(tls("a", "a.com"), plain("any", null));
    assertEquals(Set.of(), origins(new Resource.Key(ResourceType.SECRET, "default-certificate")));
    assertEquals(Set.of(), origins(new Resource.Key(ResourceType.EXTENSION, "http")));
  }

  @Test
  void origins_ofAListener_areThoseWithTlsThatChangedSinceAllTookIt() {
    change(tls("old", "old.com"));
    acknowledged(LISTENER, true);
    change(tls("new", "new.com"), plain("plain", "plain.com"));
    change(tls("newer", "newer.com"));
    assertEquals(refs("new", "newer"), origins(LISTENER));
    acknowledged(LISTENER, true);
    assertEquals(Set.of(), origins(LISTENER));
  }

  @Test
  void origins_ofAListenerThatSomeTook_areTheSameAsBefore() {
    change(tls("new", "new.com"));
    acknowledged(LISTENER, false);
    acknowledged(new Resource.Key(ResourceType.LISTENER, "http"), true);
    acknowledged(new Resource.Key(ResourceType.ROUTE, "https"), true);
    assertEquals(refs("new"), origins(LISTENER));
  }

  @Test
  void origins_ofAListenerWhateverEnvoySays_areThoseThatChanged() {
    change(tls("a", "a.com"), tls("b", "b.com"));
    assertEquals(
        refs("a", "b"), attribution.origins(LISTENER, "filter chain: duplicate server name b.com"));
  }

  @Test
  void origins_ofAListenerWhoseAddressIsTaken_areNobody() {
    change(tls("a", "a.com"));
    assertEquals(
        Set.of(),
        attribution.origins(LISTENER, "cannot bind '0.0.0.0:443': Address already in use, a.com"));
  }

  @Test
  void origins_ofAListenerThatASecretChanged_areThoseThatNameTheSecret() {
    change(tls("a", "a.com"), plain("b", "b.com"));
    acknowledged(LISTENER, true);
    change(new Change.Upsert(SecretRecord.tls(SECRET, "kubernetes.io/tls", null, null)));
    assertEquals(refs("a"), origins(LISTENER));
  }

  @Test
  void origins_ofAListenerThatTheyLeft_areNotThoseThatLeft() {
    change(tls("deleted", "a.com"), tls("withoutTls", "b.com"), tls("stays", "c.com"));
    change(new Change.Delete(ObjectRef.ingress("default", "deleted")));
    change(plain("withoutTls", "b.com"));
    assertEquals(refs("stays"), origins(LISTENER));
  }

  @Test
  void origins_ofRoutesThatHostsShare_areThoseInThemThatChanged() {
    change(plain("old", null));
    acknowledged(SHARED, true);
    change(plain("any", null), plain("named", "a.com"), plain("wild", "*.b.com"));
    assertEquals(refs("any"), origins(SHARED));
  }

  @Test
  void origins_ofRoutesThatAServiceChanged_areThoseInThemThatReferToIt() {
    change(plain("any", null), plain("named", "a.com"));
    acknowledged(SHARED, true);
    change(
        new Change.Upsert(
            new ServiceRecord(
                SERVICE,
                null,
                List.of(),
                List.of(new ServiceRecord.Port("", 80, "TCP", null)))));
    assertEquals(refs("any"), origins(SHARED));
  }

  /** A batch that makes the listener and the routes that hosts share others than before. */
  private void change(Change... changes) {
    translator.apply(List.of(changes), Instant.EPOCH);
    List<Resource> changed = new ArrayList<>();
    for (Resource.Key key : List.of(LISTENER, SHARED)) {
      changed.add(new Resource(key.type(), key.name(), "1", Any.getDefaultInstance()));
    }
    attribution.changed(
        List.of(changes), new Update(changed, Set.of(), Map.of(), null, List.of()));
  }

  private void acknowledged(Resource.Key key, boolean all) {
    attribution.acknowledged(key.type(), Map.of(key.name(), "1"), (any, version) -> all);
  }

  private Set<ObjectRef> origins(Resource.Key key) {
    return attribution.origins(key, "no words that name a host");
  }

  private static Set<ObjectRef> refs(String... names) {
    Set<ObjectRef> refs = new TreeSet<>();
    for (String name : names) {
      refs.add(ObjectRef.ingress("default", name));
    }
    return refs;
  }

  private static Change plain(String name, @Nullable String host) {
    return ingress(ObjectRef.ingress("default", name), host, "web", false);
  }

  private static Change tls(String name, String host) {
    return ingress(ObjectRef.ingress("default", name), host, "web", true);
  }

  private static Change ingress(
      ObjectRef ref, @Nullable String host, String service, boolean tls) {
    IngressRecord.Backend backend =
        new IngressRecord.Backend(new IngressRecord.ServiceBackend(service, null, 80), null);
    return new Change.Upsert(
        new IngressRecord(
            ref,
            new Age(Instant.EPOCH, 0),
            "isoline",
            new TreeMap<>(),
            null,
            tls && host != null
                ? List.of(new IngressRecord.Tls(List.of(host), SECRET.name()))
                : List.of(),
            List.of(
                new IngressRecord.Rule(
                    host, List.of(new IngressRecord.Path("/" + ref.name(), "Prefix", backend))))));
  }
}
