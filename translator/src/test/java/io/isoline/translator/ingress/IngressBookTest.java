package io.isoline.translator.ingress;

import static io.isoline.translator.IngressBuilder.ingress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.IngressBuilder;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.World;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IngressBookTest {

  private static final ObjectRef WEB = ObjectRef.ingress("default", "web");
  private static final ObjectRef SERVICE = ObjectRef.service("default", "svc");
  private static final ObjectRef SECRET = ObjectRef.secret("default", "cert");

  private static IngressReading read(IngressBuilder ingress) {
    return IngressReader.read(ingress.build(), false, World.DEFAULTS.paths());
  }

  private static IngressBook bookWith(IngressBuilder ingress) {
    IngressBook book = new IngressBook();
    book.add(read(ingress));
    return book;
  }

  @Test
  void users_whatPassesTheChecks_isNamedAndUsed() {
    IngressBook book =
        bookWith(ingress("web").tls("cert", "a.com").host("a.com").prefix("/", "svc", 80));

    for (ObjectRef named : Set.of(SERVICE, SECRET)) {
      assertEquals(Set.of(WEB), book.naming(named));
      assertEquals(Set.of(WEB), book.users(named));
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
        bookWith(ingress("web").tls("cert", "a..com").host("a.com").prefix("no path", "svc", 80));

    for (ObjectRef named : Set.of(SERVICE, SECRET)) {
      assertEquals(Set.of(WEB), book.naming(named));
      assertEquals(Set.of(), book.users(named));
      assertFalse(book.isUsed(named));
    }
  }

  @Test
  void naming_ingressIsRemoved_isEmpty() {
    IngressBook book = bookWith(ingress("web").defaultBackend("svc", 80));

    book.remove(WEB);

    assertNull(book.reading(WEB));
    assertEquals(Set.of(), book.naming(SERVICE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "1", "a-b", "a.b", "a..b", "-a", "a-", "A", "a/b", "", " a", "a\n"})
  void references_names_areThoseThatTheReaderTakes(String name) {
    IngressReading reading =
        read(ingress("web").tls(name, "a.com").host("a.com").prefix("/", name, 80));

    for (ObjectRef named :
        Set.of(ObjectRef.service("default", name), ObjectRef.secret("default", name))) {
      assertEquals(reading.uses(named), reading.references().contains(named), named::toString);
    }
  }
}
