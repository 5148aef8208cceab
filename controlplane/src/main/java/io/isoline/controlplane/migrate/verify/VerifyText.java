package io.isoline.controlplane.migrate.verify;

import io.isoline.controlplane.migrate.verify.Comparison.Difference;
import io.isoline.controlplane.text.Printable;
import io.isoline.translator.ObjectRef;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The outcome for a terminal: equal differences together. */
public final class VerifyText {

  private static final int EXAMPLES = 3;
  private static final int HINTS = 5;
  private static final int WIDTH = 300;

  private VerifyText() {}

  /**
   * The lines.
   *
   * @param hints what the report says of an Ingress, a few words each
   */
  public static List<String> of(VerifyResult result, Function<ObjectRef, List<String>> hints) {
    List<String> lines = new ArrayList<>();
    for (VerifyResult.Group group : result.groups()) {
      lines.add(headline(group));
      Set<String> said = new LinkedHashSet<>();
      int shown = 0;
      for (Probe probe : group.probes()) {
        if (shown++ < EXAMPLES) {
          lines.add(example(probe));
        }
        if (said.size() < HINTS) {
          said.addAll(hints.apply(probe.origin().ingress()));
        }
      }
      if (shown > EXAMPLES) {
        lines.add("    and " + (shown - EXAMPLES) + " more");
      }
      if (!said.isEmpty()) {
        String words = String.join("; ", said.stream().limit(HINTS).toList());
        lines.add("    'migrate report' says of them: " + Printable.line(words, 2 * WIDTH));
      }
    }
    return lines;
  }

  private static String headline(VerifyResult.Group group) {
    Difference difference = group.difference();
    return "%s: old %s, new %s: %d %s"
        .formatted(
            Printable.line(difference.aspect()),
            value(difference.old()),
            value(difference.now()),
            group.probes().size(),
            group.probes().size() == 1 ? "request" : "requests");
  }

  private static String value(String value) {
    return value.isEmpty() ? "nothing" : Printable.line(value, WIDTH);
  }

  private static String example(Probe probe) {
    StringBuilder line = new StringBuilder("    ").append(probe.method()).append(' ');
    line.append(Printable.line(probe.url(), WIDTH));
    for (Probe.Header header : probe.headers()) {
      line.append(" with ").append(Printable.line(header.name() + ": " + header.value(), WIDTH));
    }
    return line.append("   (")
        .append(Printable.line(probe.origin().ingress().toString()))
        .append(", ")
        .append(probe.origin().about())
        .append(')')
        .toString();
  }
}
