package io.isoline.translator.ingress;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.kube.NamespaceRecord;
import io.isoline.translator.model.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads which hosts the annotation {@value #ANNOTATION} of a Namespace gives to it: a list with
 * commas or spaces between.
 *
 * <p>Each entry is read alone. Where it is plain which host is meant, as with a URL, that is given,
 * so that a slip leaves no host open to others. What cannot be read gives nothing, and takes nothing
 * from anybody.
 *
 * @param hosts what is given
 */
record GrantReading(SortedSet<Host> hosts, List<Verdict> verdicts) {

  static final String ANNOTATION = "isoline.io/hosts";

  /** What people write between the entries of a list, and around them. */
  private static final Pattern BETWEEN = Pattern.compile("[\\s,;\"'\\[\\]]+");

  private static final Pattern SCHEME = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*://");
  private static final Pattern AFTER_THE_NAME = Pattern.compile("\\.?(:[0-9]+)?(/.*)?$");

  /** So many entries are quoted in a verdict; the others are counted. */
  private static final int MAX_QUOTED = 5;

  private static final String FIELD = "metadata.annotations[" + ANNOTATION + "]";

  GrantReading {
    hosts = new TreeSet<>(hosts);
    verdicts = List.copyOf(verdicts);
  }

  static GrantReading of(NamespaceRecord namespace) {
    ObjectRef ref = namespace.ref();
    List<Verdict> verdicts = new ArrayList<>();
    SortedSet<Host> hosts = new TreeSet<>();
    for (String annotation : namespace.annotations().keySet()) {
      if (!annotation.equals(ANNOTATION)) {
        verdicts.add(
            new Verdict(
                ref,
                "metadata.annotations[" + annotation + "]",
                Outcome.NO_EFFECT,
                Reason.UnsupportedAnnotation,
                "Isoline does not act on this annotation of a Namespace",
                "remove it, or write " + ANNOTATION));
      }
    }
    String list = namespace.annotations().get(ANNOTATION);
    if (list != null) {
      read(ref, list, hosts, verdicts);
    }
    if (verdicts.isEmpty()) {
      verdicts.add(
          list == null
              ? new Verdict(
                  ref, "", Outcome.NO_EFFECT, Reason.NotUsed, "no hosts are given to it by name", "")
              : new Verdict(
                  ref,
                  FIELD,
                  Outcome.APPLIED,
                  Reason.Accepted,
                  "only namespaces that are given them have " + names(hosts),
                  ""));
    }
    verdicts.sort(null);
    return new GrantReading(hosts, verdicts);
  }

  private static void read(
      ObjectRef ref, String list, SortedSet<Host> hosts, List<Verdict> verdicts) {
    List<String> refused = new ArrayList<>();
    List<String> corrected = new ArrayList<>();
    for (String entry : BETWEEN.split(list, -1)) {
      if (entry.isEmpty()) {
        continue;
      }
      Host host = host(entry);
      if (host == null) {
        refused.add(entry);
      } else {
        hosts.add(host);
        if (!host.pattern().equals(entry)) {
          corrected.add(entry);
        }
      }
    }
    if (!refused.isEmpty()) {
      verdicts.add(
          new Verdict(
              ref,
              FIELD,
              Outcome.REFUSED,
              Reason.InvalidValue,
              quoted(refused)
                  + (refused.size() == 1
                      ? " is no host; it gives nothing, and protects nothing"
                      : " are no hosts; they give nothing, and protect nothing")
                  + (hosts.isEmpty() ? "" : "; the others of the list are in force"),
              "write names, *.example.com for all names below, or * for hosts that nobody names,"
                  + " with commas between"));
    }
    if (!corrected.isEmpty()) {
      verdicts.add(
          new Verdict(
              ref,
              FIELD,
              Outcome.APPLIED_WITH_DIFFERENCE,
              Reason.InvalidValue,
              quoted(corrected) + ": of it only the name counts, in small letters",
              "write the name alone"));
    }
    if (hosts.isEmpty() && refused.isEmpty()) {
      verdicts.add(
          new Verdict(
              ref,
              FIELD,
              Outcome.NO_EFFECT,
              Reason.InvalidValue,
              "the list is empty; it gives nothing",
              "name hosts, or remove the annotation"));
    }
  }

  /** The host that an entry means; null when that is not plain. */
  private static @Nullable Host host(String entry) {
    if (entry.equals(Host.ANY.pattern())) {
      return Host.ANY;
    }
    // Longer ones are no names, whatever is around them, and need no look at all of it.
    String text = entry.length() > 2000 ? "" : SCHEME.matcher(entry).replaceFirst("");
    String name = AFTER_THE_NAME.matcher(text).replaceFirst("");
    String pattern = name.startsWith(".") ? "*" + name : name;
    return !pattern.isEmpty()
            && HostReading.of(pattern.toLowerCase(Locale.ROOT)) instanceof HostReading.Usable good
        ? good.host()
        : null;
  }

  private static String quoted(List<String> entries) {
    List<String> quoted = new ArrayList<>();
    for (String entry : entries.subList(0, Math.min(MAX_QUOTED, entries.size()))) {
      quoted.add('"' + (entry.length() <= 100 ? entry : entry.substring(0, 100) + "…") + '"');
    }
    int more = entries.size() - quoted.size();
    return String.join(", ", quoted) + (more == 0 ? "" : " and " + more + " more");
  }

  private static String names(SortedSet<Host> hosts) {
    List<String> names = hosts.stream().limit(MAX_QUOTED).map(Host::pattern).toList();
    int more = hosts.size() - names.size();
    return String.join(", ", names) + (more == 0 ? "" : " and " + more + " more");
  }
}
