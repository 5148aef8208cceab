package io.isoline.controlplane.migrate;

import io.isoline.controlplane.manifest.ManifestObject;
import io.isoline.controlplane.manifest.Manifests;
import io.isoline.controlplane.manifest.SourceMap;
import io.isoline.controlplane.offline.OfflineTranslation;
import io.isoline.controlplane.offline.Rank;
import io.isoline.controlplane.options.SettingsOptions;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Settings;
import io.isoline.translator.Translator;
import io.isoline.translator.Update;
import io.isoline.translator.Verdict;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.kube.KnownKind;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The Ingresses of ingress-nginx, and what would become of each if it was Isoline's.
 *
 * @param source where they come from, for people
 * @param ingresses those that ingress-nginx serves, by namespace and name
 * @param verdicts of each of them; each has one at least
 * @param unread what is wrong with objects that could not be read, and with files as a whole
 * @param others how many Ingresses are of other classes
 * @param places where they are in files; null when they come from a cluster
 */
public record JudgedIngresses(
    String source,
    SortedMap<ObjectRef, IngressRecord> ingresses,
    Map<ObjectRef, List<Verdict>> verdicts,
    List<Verdict> unread,
    int others,
    @Nullable SourceMap places) {

  public JudgedIngresses {
    unread = List.copyOf(unread);
  }

  /**
   * Judges Ingresses of files; objects that are not in the files may be in the cluster all the
   * same.
   */
  public static JudgedIngresses of(
      Manifests manifests, SettingsOptions.Chosen settings, boolean strict, Clock clock) {
    OfflineTranslation translation = OfflineTranslation.of(manifests, settings, strict, clock);
    List<IngressRecord> ingresses = new ArrayList<>();
    for (ManifestObject object : manifests.objects()) {
      if (object.projection() instanceof IngressRecord ingress) {
        ingresses.add(ingress);
      }
    }
    return of("files", ingresses, translation.verdicts(), manifests.sources());
  }

  /** Judges Ingresses of a cluster, of which everything is known. */
  public static JudgedIngresses of(
      String source, List<Change> changes, Settings settings, Clock clock) {
    Update update = new Translator(settings).apply(changes, clock.instant());
    if (!update.defects().isEmpty()) {
      throw update.defects().getFirst().cause(); // Whoever runs a command is there to report it.
    }
    List<IngressRecord> ingresses = new ArrayList<>();
    for (Change change : changes) {
      if (change instanceof Change.Upsert upsert
          && upsert.object() instanceof IngressRecord ingress) {
        ingresses.add(ingress);
      }
    }
    List<Verdict> verdicts = update.verdicts().values().stream().flatMap(List::stream).toList();
    return of(source, ingresses, verdicts, null);
  }

  private static JudgedIngresses of(
      String source, List<IngressRecord> all, List<Verdict> verdicts, @Nullable SourceMap places) {
    Map<ObjectRef, List<Verdict>> byObject = new HashMap<>();
    for (Verdict verdict : verdicts) {
      byObject.computeIfAbsent(verdict.object(), ref -> new ArrayList<>()).add(verdict);
    }
    SortedMap<ObjectRef, IngressRecord> ours = new TreeMap<>();
    Map<ObjectRef, List<Verdict>> ofOurs = new HashMap<>();
    Set<ObjectRef> read = new HashSet<>();
    int others = 0;
    for (IngressRecord ingress : all) {
      read.add(ingress.ref());
      List<Verdict> of = byObject.getOrDefault(ingress.ref(), List.of());
      if (Verdict.isOurs(of)) {
        ours.put(ingress.ref(), ingress);
        ofOurs.put(ingress.ref(), of.stream().sorted().toList());
      } else {
        others++;
      }
    }
    List<Verdict> unread =
        verdicts.stream()
            .filter(verdict -> !ofOurs.containsKey(verdict.object()))
            .filter(verdict -> concernsReading(verdict, read))
            .sorted()
            .toList();
    return new JudgedIngresses(source, ours, ofOurs, unread, others, places);
  }

  /**
   * Whether a verdict may mean that an Ingress is missing: it is on a file, or on an Ingress that
   * could not be read.
   */
  private static boolean concernsReading(Verdict verdict, Set<ObjectRef> read) {
    return verdict.isFinding()
        && (verdict.object().kind().text().equals("File")
            || verdict.reason() == Verdict.Reason.NoIngressServed
            || (verdict.object().kind() == KnownKind.INGRESS && !read.contains(verdict.object())));
  }

  /** What should be looked at in an Ingress, a few words each. */
  public List<String> notes(ObjectRef ingress) {
    return verdicts.getOrDefault(ingress, List.of()).stream()
        .filter(Verdict::isFinding)
        .map(verdict -> shortName(verdict.field()) + " " + Rank.of(verdict).lowerCase())
        .distinct()
        .toList();
  }

  private static String shortName(String field) {
    int slash = field.startsWith("metadata.annotations[") ? field.lastIndexOf('/') : -1;
    return slash < 0 ? field : field.substring(slash + 1, field.length() - 1);
  }
}
