package io.isoline.controlplane.manifest;

import io.fabric8.kubernetes.api.model.Service;
import io.isoline.controlplane.manifest.FileContents.FileObject;
import io.isoline.controlplane.manifest.FileContents.Finding;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.kube.KnownKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Combines the contents of files into one set of objects.
 *
 * <p>Of two documents for the same object the first counts. An object that was in service and that
 * its file no longer gives in a readable form stays as it was, as if the edit had not been applied:
 * when its own document is refused, or when a part of its file cannot be assigned to any object (a
 * syntax error hides which objects the part holds). A readable document for the same object
 * anywhere else wins over one that is kept this way.
 *
 * <p>Remembers what it gave last, for that and for the numbers of objects; for one thread.
 */
final class Catalogue {

  private Map<ObjectRef, Kept> last = Map.of();

  /** An object of the last result, with what it was made of. */
  private record Kept(FileObject source, ManifestObject object) {}

  /**
   * Combines files.
   *
   * @param faults what is to be said of paths that gave no file
   * @param files in their order
   */
  Manifests combine(List<Finding> faults, List<FileContents> files) {
    Combination combination = new Combination(faults, withoutPatches(files));
    Manifests manifests = combination.result();
    last = combination.kept;
    return manifests;
  }

  /** A patch looks like the object that it changes; read as that, it would be there in its place. */
  private static List<FileContents> withoutPatches(List<FileContents> files) {
    Map<String, String> patches = new HashMap<>();
    for (FileContents file : files) {
      file.patches().forEach(patch -> patches.putIfAbsent(patch, file.file()));
    }
    if (patches.isEmpty()) {
      return files;
    }
    List<FileContents> others = new ArrayList<>();
    for (FileContents file : files) {
      String kustomization = patches.get(Kustomization.plain(file.file()));
      others.add(kustomization == null ? file : file.asPatchOf(kustomization));
    }
    return others;
  }

  /** The work of one call. */
  private final class Combination {
    private final List<FileContents> files;
    private final Map<ObjectRef, FileObject> winners = new HashMap<>();
    private final Map<ObjectRef, FileObject> mirrors = new HashMap<>();
    private final Map<ObjectRef, String> unmirrored = new HashMap<>();
    private final Set<ObjectRef> held = new HashSet<>();
    private final Set<String> holding = new HashSet<>();
    private final List<FileObject> order = new ArrayList<>();
    private final Set<FileObject> losers = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<Finding> findings = new ArrayList<>();
    private final Map<ObjectRef, Kept> kept = new LinkedHashMap<>();

    Combination(List<Finding> faults, List<FileContents> files) {
      this.files = files;
      this.findings.addAll(faults);
    }

    Manifests result() {
      for (FileContents file : files) {
        for (FileObject object : file.objects()) {
          if (winner(object) != null) {
            losers.add(object);
          } else {
            winners.putIfAbsent(object.ref(), object);
          }
        }
      }
      mirror();
      Map<String, List<FileObject>> heldByFile = hold();
      for (FileContents file : files) {
        List<FileObject> ofFile =
            new ArrayList<>(
                file.objects().stream()
                    .filter(object -> !losers.contains(object))
                    .filter(object -> !isUnmirrored(object))
                    .toList());
        heldByFile.getOrDefault(file.file(), List.of()).forEach(object -> insert(ofFile, object));
        order.addAll(ofFile);
      }
      findings();
      project();
      return new Manifests(
          files.stream().map(FileContents::file).toList(),
          kept.values().stream().map(Kept::object).toList(),
          files.stream().flatMap(file -> file.workloads().stream()).toList(),
          findings.stream().map(Finding::verdict).toList(),
          sources());
    }

    /**
     * The earlier object of the same identity, or an earlier mirror of the same Endpoints; null for
     * none.
     */
    private @Nullable FileObject winner(FileObject object) {
      ObjectRef endpoints = object.mirrors();
      if (endpoints == null) {
        return winners.get(object.ref());
      }
      FileObject first = mirrors.computeIfAbsent(endpoints, ref -> object);
      boolean same =
          first.file().equals(object.file()) && first.document().equals(object.document());
      return same ? null : first;
    }

    /** Takes Endpoints back that a cluster would not mirror. */
    private void mirror() {
      mirrors.forEach(
          (endpoints, first) -> {
            FileObject service =
                winners.get(ObjectRef.service(endpoints.namespace(), endpoints.name()));
            String excluded =
                EndpointsMirror.excluded(
                    service != null && service.model() instanceof Service model ? model : null);
            if (excluded != null) {
              unmirrored.put(endpoints, excluded);
            }
          });
      winners.values().removeIf(this::isUnmirrored);
    }

    private boolean isUnmirrored(FileObject object) {
      ObjectRef endpoints = object.mirrors();
      return endpoints != null && unmirrored.containsKey(endpoints);
    }

    /** The objects that stay although no document gives them, by the file that keeps them. */
    private Map<String, List<FileObject>> hold() {
      Map<String, FileContents> byName = new HashMap<>();
      Map<ObjectRef, String> refusedIn = new HashMap<>();
      for (FileContents file : files) {
        byName.putIfAbsent(file.file(), file);
        file.refused().keySet().forEach(ref -> refusedIn.putIfAbsent(ref, file.file()));
      }
      Map<String, List<FileObject>> result = new HashMap<>();
      last.forEach(
          (ref, before) -> {
            if (winners.containsKey(ref)) {
              return;
            }
            FileContents own = byName.get(before.source().file());
            ObjectRef endpoints = before.source().mirrors();
            String keeper = refusedIn.get(endpoints == null ? ref : endpoints);
            if (keeper == null && own != null && own.incomplete()) {
              keeper = own.file();
              holding.add(keeper);
            }
            if (keeper != null) {
              held.add(ref);
              result.computeIfAbsent(keeper, file -> new ArrayList<>()).add(before.source());
            }
          });
      return result;
    }

    /** Inserts an object that stays at the place of its last number. */
    private void insert(List<FileObject> objects, FileObject stays) {
      long number = ordinal(stays.ref(), 0);
      for (int i = 0; i < objects.size(); i++) {
        if (ordinal(objects.get(i).ref(), -1) > number) {
          objects.add(i, stays);
          return;
        }
      }
      objects.add(stays);
    }

    private long ordinal(ObjectRef ref, long otherwise) {
      Kept before = last.get(ref);
      return before == null ? otherwise : before.object().ordinal();
    }

    private void findings() {
      for (FileContents file : files) {
        Set<String> lost = new HashSet<>();
        for (FileObject object : file.objects()) {
          if (losers.contains(object) && lost.add(object.document())) {
            findings.add(conflict(object));
          }
          unmirrored(object);
        }
        for (Finding finding : file.findings()) {
          if (!lost.contains(finding.document())) {
            findings.add(explained(finding));
          }
        }
      }
    }

    private void unmirrored(FileObject object) {
      ObjectRef endpoints = object.mirrors();
      String why = endpoints == null ? null : unmirrored.get(endpoints);
      if (endpoints != null && why != null && object.equals(mirrors.get(endpoints))) {
        findings.add(
            new Finding(
                EndpointsMirror.ignored(endpoints, why),
                object.positions().value(object.file()),
                object.document()));
      }
    }

    private Finding conflict(FileObject loser) {
      FileObject other = winner(loser);
      FileObject winner = other == null ? loser : other;
      Position first = winner.positions().value(winner.file());
      var verdict =
          new Verdict(
              ObjectRef.file(loser.file()),
              loser.document(),
              Outcome.REFUSED,
              Reason.Conflict,
              "the "
                  + (loser.mirrors() == null ? loser.ref() : loser.mirrors())
                  + " is there twice; the first one counts, at " + first,
              "remove or rename one of the two");
      return new Finding(verdict, loser.positions().value(loser.file()), loser.document());
    }

    /** Says in the verdict of an edit that its object is in service as it was before. */
    private Finding explained(Finding finding) {
      Verdict verdict = finding.verdict();
      boolean file = verdict.object().equals(ObjectRef.file(finding.position().file()));
      String note;
      if (verdict.outcome() != Outcome.REFUSED) {
        return finding;
      } else if (file && holding.contains(finding.position().file())) {
        note = "; the objects that it held before stay in service as they were";
      } else if (!file && held.contains(verdict.object())) {
        note = "; its last good version stays in service";
      } else {
        return finding;
      }
      return new Finding(
          new Verdict(
              verdict.object(),
              verdict.field(),
              verdict.outcome(),
              verdict.reason(),
              verdict.message() + note,
              verdict.fix()),
          finding.position(),
          finding.document());
    }

    private void project() {
      List<@Nullable Long> numbers = new ArrayList<>();
      for (FileObject object : order) {
        Kept before = last.get(object.ref());
        numbers.add(before == null ? null : before.object().ordinal());
      }
      long[] assigned = Ordinals.assign(numbers);
      for (int i = 0; i < assigned.length; i++) {
        FileObject source = order.get(i);
        Kept before = last.get(source.ref());
        if (before != null
            && before.source().positions() == source.positions()
            && before.object().ordinal() == assigned[i]) {
          kept.put(source.ref(), before);
        } else {
          project(source, assigned[i]);
        }
      }
    }

    private void project(FileObject source, long ordinal) {
      Position position = source.positions().value(source.file());
      if (!(source.ref().kind() instanceof KnownKind kind)) {
        throw new IllegalStateException("no projection of " + source.ref());
      }
      kept.put(
          source.ref(),
          new Kept(
              source,
              new ManifestObject(
                  source.ref(),
                  source.model(),
                  kind.project(source.model(), ordinal),
                  source.file(),
                  source.document(),
                  position,
                  ordinal)));
    }

    private SourceMap sources() {
      Map<ObjectRef, SourceMap.Source> sources = new HashMap<>();
      for (FileContents file : files) {
        sources.putIfAbsent(
            ObjectRef.file(file.file()), new SourceMap.Source(file.file(), file.positions()));
        // The author of an edit that was refused looks at the edited text.
        file.refused()
            .forEach(
                (ref, positions) -> {
                  if (!winners.containsKey(ref)) {
                    sources.putIfAbsent(ref, new SourceMap.Source(file.file(), positions));
                  }
                });
      }
      for (FileObject object : order) {
        sources.putIfAbsent(object.ref(), new SourceMap.Source(object.file(), object.positions()));
      }
      Map<Verdict, Position> exact = new HashMap<>();
      findings.forEach(finding -> exact.putIfAbsent(finding.verdict(), finding.position()));
      return new SourceMap(sources, exact);
    }
  }
}
