package io.isoline.translator.ingress;

import static io.isoline.translator.IngressBuilder.ingress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.IngressBuilder;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.Verdict;
import io.isoline.translator.World;
import io.isoline.translator.derive.Derivation;
import io.isoline.translator.derive.Value;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.settings.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IngressBookTest {

  private static final ObjectRef WEB = ObjectRef.ingress("default", "web");
  private static final ObjectRef SERVICE = ObjectRef.service("default", "svc");
  private static final ObjectRef SECRET = ObjectRef.secret("default", "cert");

  private static IngressReading read(IngressRecord ingress, Profile profile) {
    return IngressReader.read(ingress, false, World.DEFAULTS.http().paths(), profile, null);
  }

  private static IngressBook bookWith(IngressBuilder ingress) {
    Derivation derivation = new Derivation();
    IngressBook book = new IngressBook(derivation, _ -> null, _ -> Profile.STRICT, IngressBookTest::read);
    book.ingresses().put(WEB, ingress.build());
    derivation.settle();
    return book;
  }

  @Test
  void users_whatPassesTheChecks_isUsed() {
    IngressBook book =
        bookWith(ingress("web").tls("cert", "a.com").host("a.com").prefix("/", "svc", 80));

    for (ObjectRef named : Set.of(SERVICE, SECRET)) {
      assertEquals(List.of(WEB), book.users(named));
      assertTrue(book.isUsed(named));
    }
  }

  @Test
  void users_defaultBackend_isUsed() {
    assertTrue(bookWith(ingress("web").defaultBackend("svc", 80)).isUsed(SERVICE));
  }

  @Test
  void users_whatIsRefused_isNamedAndNotUsed() {
    IngressBook book =
        bookWith(ingress("web").tls("cert", "a..com").host("a.com").prefix("", "svc", 80));

    for (ObjectRef named : Set.of(SERVICE, SECRET)) {
      assertTrue(Objects.requireNonNull(book.reading(WEB)).references().contains(named));
      assertEquals(List.of(), book.users(named));
      assertFalse(book.isUsed(named));
    }
  }

  @Test
  void users_ingressIsRemoved_areNone() {
    Derivation derivation = new Derivation();
    IngressBook book = new IngressBook(derivation, _ -> null, _ -> Profile.STRICT, IngressBookTest::read);
    book.ingresses().put(WEB, ingress("web").defaultBackend("svc", 80).build());
    derivation.settle();
    assertEquals(List.of(WEB), book.users(SERVICE));

    book.ingresses().put(WEB, null);
    derivation.settle();

    assertNull(book.reading(WEB));
    assertEquals(List.of(), book.users(SERVICE));
  }

  @Test
  void class_differs_readsOnlyThoseAgainWhoseAnswerIsAnother() {
    Derivation derivation = new Derivation();
    Value<String> ours = derivation.value("a");
    List<ObjectRef> read = new ArrayList<>();
    IngressBook book =
        new IngressBook(
            derivation,
            ingress ->
                ours.get().contains(ingress.ref().name())
                    ? null
                    : new Verdict(
                        ingress.ref(), "", Outcome.NO_EFFECT, Reason.NotUsed, "not ours", ""),
            _ -> Profile.STRICT,
            (ingress, profile) -> {
              read.add(ingress.ref());
              return read(ingress, profile);
            });
    for (String name : List.of("a", "b", "c")) {
      book.ingresses()
          .put(ObjectRef.ingress("default", name), ingress(name).defaultBackend("svc", 80).build());
    }
    derivation.settle();
    assertEquals(List.of(ObjectRef.ingress("default", "a")), read);

    ours.set("a, b");
    derivation.settle();
    assertEquals(
        List.of(ObjectRef.ingress("default", "a"), ObjectRef.ingress("default", "b")), read);
    assertNull(book.reading(ObjectRef.ingress("default", "c")));

    ours.set("b");
    derivation.settle();
    assertNull(book.reading(ObjectRef.ingress("default", "a")));
    assertEquals(List.of(ObjectRef.ingress("default", "b")), book.users(SERVICE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "1", "a-b", "a.b", "a..b", "-a", "a-", "A", "a/b", "", " a", "a\n"})
  void references_names_areThoseThatTheReaderTakes(String name) {
    IngressReading reading =
        read(
            ingress("web").tls(name, "a.com").host("a.com").prefix("/", name, 80).build(),
            Profile.STRICT);

    for (ObjectRef named :
        Set.of(ObjectRef.service("default", name), ObjectRef.secret("default", name))) {
      assertEquals(
          reading.uses().contains(named), reading.references().contains(named), named::toString);
    }
  }
}
