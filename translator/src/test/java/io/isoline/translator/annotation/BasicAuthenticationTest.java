package io.isoline.translator.annotation;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.TestObjects.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute;
import io.isoline.translator.Change;
import io.isoline.translator.IngressBuilder;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import io.isoline.translator.TestCertificate;
import io.isoline.translator.TestObjects;
import io.isoline.translator.Update;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.World;
import io.isoline.translator.credentials.CheckContext;
import io.isoline.translator.kube.SecretRecord;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which lists of users guard which routes, and what is said where one cannot. */
final class BasicAuthenticationTest {

  private static final String NGINX = Annotations.NGINX_PREFIX;
  private static final ObjectRef USERS = ObjectRef.secret("default", "users");
  private static final String LIST = "ada:{PLAIN}pw\n";

  private static SecretRecord secret(String name, String... keysAndValues) {
    TreeMap<String, ByteString> data = new TreeMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      data.put(keysAndValues[i], ByteString.copyFromUtf8(keysAndValues[i + 1]));
    }
    return new SecretRecord(ObjectRef.secret("default", name), "Opaque", data);
  }

  private static IngressBuilder guarded(String name, String... keysAndValues) {
    IngressBuilder ingress = ingress(name).host(name + ".test").prefix("/", "svc", 80);
    ingress.annotation(NGINX + "auth-type", "basic").annotation(NGINX + "auth-secret", "users");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      ingress.annotation(NGINX + keysAndValues[i], keysAndValues[i + 1]);
    }
    return ingress;
  }

  private static Verdict verdict(World world, String ingress, String key) {
    return world.verdict(ingress, "metadata.annotations[" + NGINX + key + "]");
  }

  /** What the service is asked with about a request for a host; empty where it is not. */
  private static Map<String, String> asked(World world, String host) {
    Any config =
        Objects.requireNonNull(world.routes().route("http", host, "/"))
            .getTypedPerFilterConfigMap()
            .get("isoline.access");
    try {
      return config == null
          ? Map.of()
          : config
              .unpack(ExtAuthzPerRoute.class)
              .getCheckSettings()
              .getContextExtensionsMap();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void basic_secretWithAList_guardsTheRoutesOfTheIngress() {
    World world =
        World.of(
            service("svc", 80),
            secret("users", "auth", LIST),
            guarded("a", "auth-realm", "Staff only").build(),
            ingress("open").host("open.test").prefix("/", "svc", 80).build());

    assertEquals("default/svc/80", world.request("a.test", "/"));
    assertEquals(
        Map.of(CheckContext.USERS, LIST, CheckContext.REALM, "Staff only"),
        asked(world, "a.test"));
    assertEquals(Map.of(), asked(world, "open.test"));
    for (String key : List.of("auth-type", "auth-secret", "auth-realm")) {
      assertEquals(Outcome.APPLIED, verdict(world, "a", key).outcome());
    }
    Verdict used = world.verdict(USERS, "");
    assertEquals("the users of an Ingress", used.message());
    assertFalse(used.isFinding());
  }

  @Test
  void everyRouteConfiguration_asksNothingByItself() throws Exception {
    World world = World.of(service("svc", 80), secret("users", "auth", LIST), guarded("a").build());
    int seen = 0;
    for (Resource resource : world.resources().values()) {
      if (resource.type() == ResourceType.ROUTE) {
        var routes =
            (io.envoyproxy.envoy.config.route.v3.RouteConfiguration) World.proto(resource);
        assertTrue(
            routes
                .getTypedPerFilterConfigOrThrow("isoline.access")
                .unpack(ExtAuthzPerRoute.class)
                .getDisabled(),
            resource.name());
        seen++;
      }
    }
    assertEquals(3, seen); // the gate, the fallback, the host
  }

  @Test
  void secretMissing_isClosedAndSaid_andOpensWhenItComes() {
    World world = World.of(service("svc", 80), guarded("a").build());
    assertEquals("503", world.request("a.test", "/"));
    Verdict missing = verdict(world, "a", "auth-secret");
    assertEquals(Outcome.REFUSED, missing.outcome());
    assertEquals(Reason.SecretInvalid, missing.reason());
    assertEquals(
        "Secret default/users: it does not exist; requests for the paths of the Ingress get 503",
        missing.message());
    assertEquals("create it in namespace default, or correct the annotation", missing.fix());

    world.apply(secret("users", "auth", LIST));
    assertEquals("default/svc/80", world.request("a.test", "/"));
    assertEquals(LIST, asked(world, "a.test").get(CheckContext.USERS));
    assertEquals(Outcome.APPLIED, verdict(world, "a", "auth-secret").outcome());

    world.delete(USERS);
    assertEquals("503", world.request("a.test", "/"));
  }

  @Test
  void secretForbidden_saysSo() {
    World world = World.of(service("svc", 80), guarded("a").build());
    world.apply(
        List.of(new Change.Unreadable(USERS, "Isoline may not read it", "grant it")), World.NOW);
    Verdict verdict = verdict(world, "a", "auth-secret");
    assertTrue(verdict.message().contains("may not read it"), verdict.message());
    assertEquals("grant it", verdict.fix());
    assertEquals("503", world.request("a.test", "/"));
  }

  @Test
  void changeOfTheSecret_sendsTheHostsThatNeedItAndNoOthers() {
    World world =
        World.of(
            service("svc", 80),
            secret("users", "auth", LIST),
            secret("others", "auth", LIST),
            guarded("a").build(),
            guarded("b").build(),
            ingress("c")
                .host("c.test")
                .prefix("/", "svc", 80)
                .annotation(NGINX + "auth-type", "basic")
                .annotation(NGINX + "auth-secret", "others")
                .build());
    Update update = world.apply(secret("users", "auth", "ada:{PLAIN}other\n"));
    assertEquals(
        List.of("ingress/a.test", "ingress/b.test"),
        update.changed().stream().map(Resource::name).sorted().toList());
    assertEquals("ada:{PLAIN}other\n", asked(world, "b.test").get(CheckContext.USERS));

    Update comment = world.apply(secret("users", "auth", "# a comment\nada:{PLAIN}other\n"));
    assertEquals(List.of(), comment.changed());
  }

  @Test
  void noKeyAuth_isClosed_andBothAreToldOfIt() {
    World world =
        World.of(service("svc", 80), secret("users", "ada", "{PLAIN}pw"), guarded("a").build());
    assertEquals("503", world.request("a.test", "/"));
    assertTrue(
        verdict(world, "a", "auth-secret").message().contains("no key \"auth\""),
        verdict(world, "a", "auth-secret").message());
    assertEquals(Reason.SecretInvalid, world.verdict(USERS, "data").reason());
    assertEquals(Outcome.REFUSED, world.verdict(USERS, "data").outcome());
  }

  @Test
  void authMap_eachKeyIsAUser() {
    World world =
        World.of(
            service("svc", 80),
            secret("users", "ada", "{PLAIN}pw", "bob", "{PLAIN}x"),
            guarded("a", "auth-secret-type", "auth-map").build());
    assertEquals(
        "ada:{PLAIN}pw\nbob:{PLAIN}x\n", asked(world, "a.test").get(CheckContext.USERS));
  }

  @Test
  void secretOfBothForms_isReadAsEachAsks() {
    World world =
        World.of(
            service("svc", 80),
            secret("users", "auth", LIST),
            guarded("file").build(),
            guarded("map", "auth-secret-type", "auth-map").build());
    assertEquals(LIST, asked(world, "file.test").get(CheckContext.USERS));
    // "ada:{PLAIN}pw" is no hash.
    assertEquals("", asked(world, "map.test").get(CheckContext.USERS));
  }

  @Test
  void linesThatAreWrong_areToldAtTheSecretAndShowNoHash() {
    World world =
        World.of(
            service("svc", 80),
            secret("users", "auth", "ada:{PLAIN}pw\nbob:secret-in-plain\n"),
            guarded("a").build());
    Verdict verdict = world.verdict(USERS, "data");
    assertEquals(Outcome.APPLIED_WITH_DIFFERENCE, verdict.outcome());
    assertTrue(verdict.message().startsWith("line 2: "), verdict.message());
    assertFalse(verdict.message().contains("secret-in-plain"), verdict.message());
    assertEquals(Outcome.APPLIED, verdict(world, "a", "auth-secret").outcome());
  }

  @Test
  void certificateThatIsAlsoNamedForUsers_isJudgedForBoth() {
    World world =
        World.of(
            service("svc", 80),
            TestObjects.secret("users", TestCertificate.ecdsa("a.test")),
            guarded("a").tls("users", "a.test").build());
    assertEquals("503", world.request("a.test", "/"));
    assertEquals(Reason.SecretInvalid, world.verdict(USERS, "data").reason());
    assertEquals(List.of("default/users"), world.certificates().get("a.test"));
  }

  @Test
  void listOfUsers_isNotJudgedAsACertificate() {
    World world = World.of(service("svc", 80), secret("users", "auth", LIST), guarded("a").build());
    assertTrue(
        world.verdicts(USERS).stream().noneMatch(v -> v.reason() == Reason.TLSSecretInvalid));
    assertFalse(world.has(ResourceType.SECRET, "default/users"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auth-type | basically",
        "auth-type | Basic",
        "auth-type | digest",
        "auth-type | bearer",
        "auth-secret | other/users",
        "auth-secret | users;",
        "auth-secret | ../users",
        "auth-secret-type | htpasswd",
        "auth-secret-type | auth-file-x",
      })
  void valueThatCannotBePutInForce_closes(String key, String value) {
    World world =
        World.of(service("svc", 80), secret("users", "auth", LIST), guarded("a", key, value).build());
    assertEquals("503", world.request("a.test", "/"));
    Verdict verdict = verdict(world, "a", key);
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertTrue(verdict.message().contains("get 503"), verdict.message());
    assertFalse(verdict.fix().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"basic", " basic\t"})
  void blanksAroundAWord_areNothingOfIt(String type) {
    World world =
        World.of(
            service("svc", 80),
            secret("users", "auth", LIST),
            guarded("a", "auth-type", type, "auth-secret", " default/users ").build());
    assertEquals(LIST, asked(world, "a.test").get(CheckContext.USERS));
  }

  @Test
  void lineBreaks_areNoBlanks() {
    World world =
        World.of(
            service("svc", 80),
            secret("users", "auth", LIST),
            guarded("a", "auth-type", "basic\n", "auth-secret", "users\n").build());
    assertEquals("503", world.request("a.test", "/"));
  }

  @Test
  void authType_withoutASecret_isClosed() {
    World world =
        World.of(
            service("svc", 80),
            ingress("a")
                .host("a.test")
                .prefix("/", "svc", 80)
                .annotation(NGINX + "auth-type", "basic")
                .build());
    assertEquals("503", world.request("a.test", "/"));
    assertTrue(verdict(world, "a", "auth-type").message().contains("auth-secret is missing"));
  }

  @Test
  void authSecret_withoutAType_asksNobody() {
    World world =
        World.of(
            service("svc", 80),
            secret("users", "auth", LIST),
            ingress("a")
                .host("a.test")
                .prefix("/", "svc", 80)
                .annotation(NGINX + "auth-secret", "users")
                .build());
    assertEquals("default/svc/80", world.request("a.test", "/"));
    assertEquals(Map.of(), asked(world, "a.test"));
    Verdict verdict = verdict(world, "a", "auth-secret");
    assertEquals(Outcome.NO_EFFECT, verdict.outcome());
    assertTrue(verdict.isFinding());
    assertEquals("no Ingress refers to it", world.verdict(USERS, "").message());
  }

  @Test
  void listThatIsTooLong_isClosed() {
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      list.append("user").append(i).append(":{PLAIN}pw\n");
    }
    World world =
        World.of(
            service("svc", 80), secret("users", "auth", list.toString()), guarded("a").build());
    assertEquals("503", world.request("a.test", "/"));
    assertTrue(verdict(world, "a", "auth-secret").message().contains("bytes"));
  }
}
