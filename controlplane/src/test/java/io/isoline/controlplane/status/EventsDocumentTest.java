package io.isoline.controlplane.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The page for users has every reason that an event can have, and no other one. */
final class EventsDocumentTest {

  @Test
  void page_hasARowForEachReasonAndNoOther() throws IOException {
    Set<String> wanted = new TreeSet<>(Set.of("Programmed"));
    for (Reason reason : Reason.values()) {
      if (reason != Reason.Accepted
          && reason != Reason.NoIngressServed // of commands that read files
          && new Verdict(ObjectRef.ingress("a", "b"), "", Outcome.REFUSED, reason, "", "")
              .isFinding()) {
        wanted.add(reason.name());
      }
    }
    Set<String> rows = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("../docs/events.md"))) {
      if (line.matches("\\| `[A-Z].*")) {
        rows.add(line.split("`", 3)[1]);
      }
    }
    assertEquals(wanted, rows);
  }
}
