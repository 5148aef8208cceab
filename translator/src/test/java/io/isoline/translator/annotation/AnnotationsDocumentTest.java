package io.isoline.translator.annotation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The page docs/annotations.md is what the table of annotations says. Run with {@code
 * -Dgolden.update=true} to write it anew.
 */
final class AnnotationsDocumentTest {

  private static final Path DOCUMENT = Path.of("../docs/annotations.md");

  @Test
  void document_isMadeOfTheTable() throws IOException {
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(DOCUMENT, page());
    }
    assertEquals(page(), Files.readString(DOCUMENT));
  }

  private static String page() {
    StringBuilder page =
        new StringBuilder(
            """
            # Annotations

            These annotations of an Ingress change what Isoline does with its requests, for all its rules and its
            default backend. Each may be written with `isoline.io/` or with `nginx.ingress.kubernetes.io/` before
            its name, and means the same; where an Ingress has both, `isoline.io/` counts.

            Each has a verdict: `kubectl describe ingress`, `isoline lint`. A value that breaks the rule is refused:
            where the annotation protects, requests get 503 until it is mended, else it is as if it was not there.
            Of the annotations that are not on this page,
            [ingress.md](ingress.md#annotations) says what Isoline has in their place.
            """);
    for (Annotation<?> annotation : Annotations.all()) {
      page.append(
          """

          ## %s

          %s

              isoline.io/%1$s: "%s"

          - Value: %s.
          - Without it: %s.
          """
              .formatted(
                  annotation.key(),
                  annotation.meaning(),
                  annotation.example(),
                  annotation.type().syntax(),
                  annotation.byDefault()));
      if (annotation.within() != null) {
        page.append("- Means nothing without `").append(annotation.within()).append("`.\n");
      }
      if (!annotation.aliases().isEmpty()) {
        page.append("- Also called `")
            .append(String.join("`, `", annotation.aliases()))
            .append("`.\n");
      }
      if (annotation.closes()) {
        page.append("- It protects: while its value cannot be put in force, requests get 503.\n");
      }
      if (!annotation.difference().isEmpty()) {
        page.append("- Otherwise than ingress-nginx: ").append(annotation.difference()).append('\n');
      }
    }
    return page.toString();
  }
}
