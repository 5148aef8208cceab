package io.isoline.translator.kube;

import static io.isoline.translator.IngressBuilder.ingress;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.TestObjects;
import io.isoline.translator.kube.IngressRecord.Backend;
import io.isoline.translator.kube.IngressRecord.Path;
import io.isoline.translator.kube.IngressRecord.ResourceBackend;
import io.isoline.translator.kube.IngressRecord.Rule;
import io.isoline.translator.kube.IngressRecord.ServiceBackend;
import io.isoline.translator.kube.IngressRecord.Tls;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.params.provider.CsvSource;

final class ReferencesTest {

  private static Backend service(@Nullable String name) {
    return new Backend(new ServiceBackend(name, null, 80), null);
  }

  private static IngressRecord of(
      @Nullable Backend defaultBackend, List<Tls> tls, List<Rule> rules) {
    return new IngressRecord(
        ObjectRef.ingress("shop", "web"),
        new Age(null, 0),
        null,
        new TreeMap<>(),
        defaultBackend,
        tls,
        rules);
  }

  @Test
  void of_ingress_hasServicesAndSecretsOfItsNamespaceByTheFieldsOfVerdicts() {
    IngressRecord ingress =
        of(
            service("fallback"),
            List.of(new Tls(List.of("a.com"), "cert-a"), new Tls(List.of(), "cert-b")),
            List.of(
                new Rule("a.com", null),
                new Rule(
                    "b.com",
                    List.of(
                        new Path("/", "Prefix", service("one")),
                        new Path("/two", "Prefix", service("two"))))));

    assertEquals(
        Map.of(
            "spec.defaultBackend",
            ObjectRef.service("shop", "fallback"),
            "spec.rules[1].http.paths[0].backend",
            ObjectRef.service("shop", "one"),
            "spec.rules[1].http.paths[1].backend",
            ObjectRef.service("shop", "two"),
            "spec.tls[0].secretName",
            ObjectRef.secret("shop", "cert-a"),
            "spec.tls[1].secretName",
            ObjectRef.secret("shop", "cert-b")),
        References.of(ingress));
  }

  @Test
  void of_ingressWithOtherMistakes_namesAllTheSame() {
    IngressRecord ingress =
        of(
            null,
            List.of(new Tls(List.of("a..com"), "cert")),
            List.of(
                new Rule(
                    "a..com",
                    List.of(
                        new Path(
                            "no path",
                            null,
                            new Backend(new ServiceBackend("one", "http", 80), null))))));

    assertEquals(
        Map.of(
            "spec.rules[0].http.paths[0].backend",
            ObjectRef.service("shop", "one"),
            "spec.tls[0].secretName",
            ObjectRef.secret("shop", "cert")),
        References.of(ingress));
  }

  @Test
  void of_ingressWithWhatIsNoName_leavesItOut() {
    IngressRecord ingress =
        of(
            new Backend(null, new ResourceBackend(null, "Bucket", "images")),
            List.of(
                new Tls(List.of(), null),
                new Tls(List.of(), ""),
                new Tls(List.of(), "other/cert"),
                new Tls(List.of(), "a..b")),
            List.of(
                new Rule(
                    null,
                    List.of(
                        new Path("/", "Prefix", null),
                        new Path("/", "Prefix", service(null)),
                        new Path("/", "Prefix", service("")),
                        new Path("/", "Prefix", service("other/one")),
                        new Path("/", "Prefix", service("a.b"))))));

    assertEquals(Map.of(), References.of(ingress));
  }

  @ParameterizedTest
  @CsvSource({
    "headers, headers",
    "default/headers, headers",
    "other/headers, ",
    "default/a/b, ",
    "default/, ",
    "'', ",
    "'a b', ",
  })
  void of_annotationThatNamesAnObject_isOfTheNamespaceOfTheIngress(
      String value, @Nullable String name) {
    String annotation = "nginx.ingress.kubernetes.io/custom-headers";
    assertEquals(
        name == null
            ? Map.of()
            : Map.of(
                "metadata.annotations[" + annotation + "]", ObjectRef.configMap("default", name)),
        References.of(ingress("web").annotation(annotation, value).build()));
  }

  @Test
  void of_annotations_areTheSecretsOfTheOwnNamespaceUnderBothPrefixes() {
    IngressRecord ingress =
        ingress("web")
            .in("shop")
            .annotation("nginx.ingress.kubernetes.io/auth-secret", "users")
            .annotation("isoline.io/auth-secret", " shop/more-users\t")
            .annotation("nginx.ingress.kubernetes.io/auth-tls-secret", "shop/ca")
            .annotation("nginx.ingress.kubernetes.io/proxy-ssl-secret", "client")
            .build();

    assertEquals(
        Map.of(
            "metadata.annotations[nginx.ingress.kubernetes.io/auth-secret]",
            ObjectRef.secret("shop", "users"),
            "metadata.annotations[isoline.io/auth-secret]",
            ObjectRef.secret("shop", "more-users"),
            "metadata.annotations[nginx.ingress.kubernetes.io/auth-tls-secret]",
            ObjectRef.secret("shop", "ca"),
            "metadata.annotations[nginx.ingress.kubernetes.io/proxy-ssl-secret]",
            ObjectRef.secret("shop", "client")),
        References.of(ingress));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "/", "other/users", "shop/", "/users", "a/b/c", "../users", "shop/../users", "us ers",
        "users$x", "Users", "shop/users#", "{}", "users\nother/users"
      })
  void of_annotationWithAnotherNamespaceOrNoName_isNothing(String value) {
    IngressRecord ingress =
        ingress("web")
            .in("shop")
            .annotation("nginx.ingress.kubernetes.io/auth-secret", value)
            .build();
    assertEquals(Map.of(), References.of(ingress));
  }

  @Test
  void of_annotationOfAnotherKeyOrPrefix_isNothing() {
    IngressRecord ingress =
        ingress("web")
            .annotation("nginx.ingress.kubernetes.io/auth-secret-type", "users")
            .annotation("ingress.kubernetes.io/auth-secret", "users")
            .build();
    assertEquals(Map.of(), References.of(ingress));
  }

  @Test
  void of_otherObjects_isNothing() {
    assertEquals(Map.of(), References.of(TestObjects.service("one", 80)));
    assertEquals(Map.of(), References.of(TestObjects.slice("one", 80, "10.0.0.1")));
    assertEquals(Map.of(), References.of(ingress("web").build()));
  }
}
