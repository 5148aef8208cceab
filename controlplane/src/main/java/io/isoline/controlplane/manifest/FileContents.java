package io.isoline.controlplane.manifest;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.isoline.controlplane.text.Printable;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one file holds. It depends on the text of the file alone.
 *
 * @param file the name to show
 * @param objects those that can be used, in the order of the text
 * @param refused the objects that were recognised but cannot be used
 * @param workloads in the order of the text
 * @param findings the verdicts with their places
 * @param incomplete whether a part of the file could not be assigned to any object
 * @param patches the files that a kustomization in this one lays over other objects
 * @param positions of the documents
 */
record FileContents(
    String file,
    List<FileObject> objects,
    Map<ObjectRef, PositionTree> refused,
    List<Workload> workloads,
    List<Finding> findings,
    boolean incomplete,
    Set<String> patches,
    PositionTree positions) {

  FileContents {
    patches = Set.copyOf(patches);
    objects = List.copyOf(objects);
    refused = Map.copyOf(refused);
    workloads = List.copyOf(workloads);
    findings = List.copyOf(findings);
  }

  /**
   * A usable object.
   *
   * @param document its place in the file, {@code document[0]} or {@code document[0].items[3]}
   * @param mirrors the Endpoints that it is a mirror of; null for an object that is in the file
   */
  record FileObject(
      ObjectRef ref,
      HasMetadata model,
      String file,
      String document,
      PositionTree positions,
      @Nullable ObjectRef mirrors) {}

  /**
   * A verdict with its place.
   *
   * @param document the place of its object in the file; empty for the file as a whole
   */
  record Finding(Verdict verdict, Position position, String document) {}

  /**
   * The finding for a path that gave no file.
   *
   * @param note what follows the message
   */
  static Finding fault(FileTree.Fault fault, String note) {
    String name = FileReader.name(fault.path());
    var verdict =
        new Verdict(
            ObjectRef.file(name),
            "",
            Outcome.REFUSED,
            Reason.Unreadable,
            fault.message() + note,
            fault.fix());
    return new Finding(verdict, new Position(name, 1, 1), "");
  }

  /** A file of which nothing could be read. */
  static FileContents unreadable(String file, String message, String fix) {
    var verdict = new Verdict(
            ObjectRef.file(file), "", Outcome.REFUSED, Reason.Unreadable, message, fix);
    return new FileContents(
        file,
        List.of(),
        Map.of(),
        List.of(),
        List.of(new Finding(verdict, new Position(file, 1, 1), "")),
        true,
        Set.of(),
        PositionTree.ofDocuments(List.of()));
  }

  /** The same file when a kustomization says that it is a patch. */
  FileContents asPatchOf(String kustomization) {
    ForeignFile what = ForeignFile.patch(file, kustomization);
    var verdict =
        new Verdict(
            ObjectRef.file(file),
            "",
            Outcome.NO_EFFECT,
            Reason.IgnoredKind,
            what.message(),
            what.fix());
    return new FileContents(
        file,
        List.of(),
        Map.of(),
        List.of(),
        List.of(new Finding(verdict, new Position(file, 1, 1), "")),
        false,
        Set.of(),
        positions);
  }

  /** Reads a text; never throws for any text. */
  static FileContents read(String file, String text, ReadingListener listener) {
    var builder = new Builder(file, text);
    List<PositionTree> documents = new ArrayList<>();
    for (YamlDocument document : YamlText.read(text, done -> listener.reading(file, done, text.length()))) {
      String path = FieldPath.item("document", documents.size());
      switch (document) {
        case YamlDocument.Broken broken -> {
          documents.add(PositionTree.leaf(broken.line(), broken.column()));
          builder.unassigned(
              path,
              new Position(file, broken.line(), broken.column()),
              Reason.Unreadable,
              broken.message(),
              broken.fix());
        }
        case YamlDocument.Template template -> {
          documents.add(PositionTree.leaf(template.line(), template.column()));
          builder.template(path, template.line(), template.column(), template.action());
        }
        case YamlDocument.Parsed parsed -> {
          documents.add(PositionTree.of(parsed.root()));
          new DocumentReader(builder).read(parsed.root(), path);
        }
      }
    }
    return builder.build(PositionTree.ofDocuments(documents));
  }

  /** Collects what a {@link DocumentReader} finds. */
  static final class Builder {
    private final String file;
    private final List<FileObject> objects = new ArrayList<>();
    private final Map<ObjectRef, PositionTree> refused = new HashMap<>();
    private final List<Workload> workloads = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> patches = new HashSet<>();
    private final String text;
    private boolean incomplete;
    private boolean template;

    private Builder(String file, String text) {
      this.file = file;
      this.text = text;
    }

    String file() {
      return file;
    }

    void object(ObjectRef ref, HasMetadata model, String document, PositionTree positions) {
      objects.add(new FileObject(ref, model, file, document, positions, null));
    }

    void mirror(
        ObjectRef endpoints, EndpointSlice slice, String document, PositionTree positions) {
      ObjectRef ref =
          ObjectRef.endpointSlice(endpoints.namespace(), slice.getMetadata().getName());
      objects.add(new FileObject(ref, slice, file, document, positions, endpoints));
    }

    void refused(ObjectRef ref, PositionTree positions) {
      refused.put(ref, positions);
    }

    void workload(Workload workload) {
      workloads.add(workload);
    }

    void finding(String document, Verdict verdict, Position position) {
      findings.add(new Finding(verdict, position, document));
    }

    void finding(String document, ObjectRef ref, Problem problem) {
      finding(
          document,
          new Verdict(
              ref,
              problem.path(),
              problem.outcome(),
              problem.reason(),
              problem.message(),
              problem.fix()),
          new Position(file, problem.line(), problem.column()));
    }

    /** Adds a mistake that belongs to no object; its verdict goes to the file. */
    void unassigned(String path, Position at, Reason reason, String message, String fix) {
      incomplete = true;
      finding(
          path,
          new Verdict(ObjectRef.file(file), path, Outcome.REFUSED, reason, message, fix),
          at);
    }

    /** Adds a document that is a template. However many there are, the file gets one verdict. */
    void template(String path, int line, int column, String action) {
      if (!template) {
        unassigned(
            path,
            new Position(file, line, column),
            Reason.Unreadable,
            "a template, as `" + Printable.line(action) + "` shows: render it first",
            TemplateAction.fix(file, text));
      }
      template = true;
      incomplete = true;
    }

    /** Adds a document of another tool, which nobody wants to have read as a manifest. */
    void foreign(String path, YamlValue at, ForeignFile what) {
      finding(
          path,
          new Verdict(
              what.ref(file),
              path,
              Outcome.NO_EFFECT,
              Reason.IgnoredKind,
              what.message(),
              what.fix()),
          new Position(file, at.line(), at.column()));
    }

    void patches(Set<String> files) {
      patches.addAll(files);
    }

    private FileContents build(PositionTree positions) {
      return new FileContents(
          file, objects, refused, workloads, findings, incomplete, patches, positions);
    }
  }
}
