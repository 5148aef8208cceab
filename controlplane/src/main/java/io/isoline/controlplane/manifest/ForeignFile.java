package io.isoline.controlplane.manifest;

import io.isoline.controlplane.manifest.YamlValue.Mapping;
import io.isoline.controlplane.manifest.YamlValue.Sequence;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.kube.Kind;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A document that is no manifest and that people keep beside manifests: of Helm, of kustomize, of
 * Compose and other tools.
 *
 * @param message what it is
 * @param fix what to run to get manifests; empty when nothing makes any of it
 */
record ForeignFile(String message, String fix) {

  private static final String KUSTOMIZATION = "a kustomization";

  private static final String LEAVE_OUT = "leave it out: name the manifests, or their directory";

  private static final Pattern DIRECTIVE =
      Pattern.compile(
          "\\$(patch|retainKeys|setElementOrder/.+|deleteFromPrimitiveList/.+)");
  private static final Pattern VALUES =
      Pattern.compile("(.*[-_.])?values([-_.].*)?\\.(ya?ml|json)");
  private static final Pattern COMPOSE = Pattern.compile("(docker-)?compose([-_.].*)?\\.ya?ml");
  private static final Pattern PACKAGE =
      Pattern.compile("(package(-lock)?|composer|[tj]sconfig.*|renovate|angular|lerna)\\.json");
  private static final Pattern PIPELINE =
      Pattern.compile(
          "(\\.gitlab-ci|azure-pipelines|cloudbuild|buildspec|bitbucket-pipelines|appveyor|codecov"
              + "|dependabot|mkdocs|docker-bake|[Tt]askfile|\\.pre-commit-config)\\.(ya?ml|json)");

  /**
   * How one kind of file is known, and what is said of it.
   *
   * @param test of the file's name and of what is in it
   */
  private record Mark(BiPredicate<String, Mapping> test, String what, String run) {

    /** A file whose documents have no kind. */
    static Mark kindless(BiPredicate<String, Mapping> test, String what, String run) {
      return new Mark(
          (name, root) -> root.text("kind") == null && test.test(name, root), what, run);
    }
  }

  private static final List<Mark> MARKS =
      List.of(
          new Mark(
              (name, root) -> isKustomization(name, root),
              KUSTOMIZATION,
              "kubectl kustomize DIR | isoline lint -f -"),
          new Mark(
              (name, root) -> isPatch(root),
              "a patch of kustomize",
              "kubectl kustomize DIR | isoline lint -f -"),
          new Mark(
              (name, root) -> group(root).equals("skaffold"),
              "a configuration of Skaffold",
              "skaffold render -f FILE | isoline lint -f -"),
          Mark.kindless(
              (name, root) -> name.equals("Chart.yaml") || has(root, "apiVersion", "name", "version"),
              "the description of a Helm chart",
              "helm template DIR | isoline lint -f -"),
          Mark.kindless(
              (name, root) -> name.equals("requirements.yaml") && has(root, "dependencies"),
              "the dependencies of a Helm chart",
              "helm template DIR | isoline lint -f -"),
          Mark.kindless(
              (name, root) ->
                  name.startsWith("helmfile") || firstOf(root, "releases", "name", "chart"),
              "a Helmfile",
              "helmfile -f FILE template | isoline lint -f -"),
          Mark.kindless(
              (name, root) -> COMPOSE.matcher(name).matches() || isCompose(root),
              "a file of Docker Compose",
              "kompose convert -f FILE --stdout | isoline lint -f -"),
          Mark.kindless(
              (name, root) ->
                  name.equals("isoline.yaml")
                      || (root.get("ingressClass") instanceof Mapping classes
                          && has(classes, "controller")),
              "a configuration of Isoline",
              "isoline lint --config FILE -f MANIFESTS"),
          Mark.kindless(
              (name, root) -> name.equals("values.schema.json"),
              "the JSON schema of a Helm chart's values",
              ""),
          Mark.kindless(
              (name, root) -> VALUES.matcher(name).matches(),
              "the values of a Helm chart",
              "helm template CHART -f FILE | isoline lint -f -"),
          Mark.kindless(
              (name, root) -> has(root, "openapi", "info") || has(root, "swagger", "info"),
              "an OpenAPI description",
              ""),
          Mark.kindless(
              (name, root) -> has(root, "on", "jobs"), "a workflow of GitHub Actions", ""),
          Mark.kindless(
              (name, root) ->
                  PIPELINE.matcher(name).matches() || has(root, "stages") || has(root, "steps"),
              "the configuration of a build",
              ""),
          Mark.kindless(
              (name, root) -> PACKAGE.matcher(name).matches(),
              "a file of a JavaScript or PHP project",
              ""),
          Mark.kindless(
              (name, root) -> has(root, "static_resources"), "a configuration of Envoy", ""),
          Mark.kindless(
              (name, root) ->
                  has(root, "scrape_configs") || firstOf(root, "groups", "name", "rules"),
              "a configuration of Prometheus",
              ""),
          Mark.kindless(
              (name, root) -> has(root, "AWSTemplateFormatVersion"),
              "a template of CloudFormation",
              ""),
          Mark.kindless((name, root) -> has(root, "$schema"), "a file that a JSON schema is for", ""));

  /** The identity under which it is reported. */
  ObjectRef ref(String file) {
    return message.startsWith(KUSTOMIZATION)
        ? new ObjectRef(Kind.of("Kustomization"), "", file)
        : ObjectRef.file(file);
  }

  /** What a document is; null when it is not known to be of another tool. */
  static @Nullable ForeignFile of(String file, YamlValue root) {
    String name = file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
    return switch (root) {
      case Mapping mapping -> {
        for (Mark mark : MARKS) {
          if (mark.test().test(name, mapping)) {
            yield said(mark.what(), mark.run(), file);
          }
        }
        yield null;
      }
      case Sequence sequence -> ofList(file, sequence);
      case YamlValue.Scalar scalar -> null;
    };
  }

  /** What a file is that a kustomization names as a patch. */
  static ForeignFile patch(String file, String kustomization) {
    return said(
        "a patch that " + kustomization + " lays over other objects",
        "kubectl kustomize " + shellWord(directory(kustomization)) + " | isoline lint -f -",
        file);
  }

  private static @Nullable ForeignFile ofList(String file, Sequence list) {
    boolean patches = !list.items().isEmpty();
    boolean plays = !list.items().isEmpty();
    for (YamlValue item : list.items()) {
      patches &= item instanceof Mapping mapping && has(mapping, "op", "path");
      plays &=
          item instanceof Mapping mapping
              && (has(mapping, "hosts") || has(mapping, "import_playbook"))
              && !has(mapping, "kind");
    }
    if (patches) {
      return said(
          "a JSON patch (RFC 6902)", "kubectl kustomize DIR | isoline lint -f -", file);
    }
    return plays ? said("a playbook of Ansible", "", file) : null;
  }

  private static ForeignFile said(String what, String run, String file) {
    String message = what + ", not a manifest";
    if (run.isEmpty()) {
      return new ForeignFile(message, LEAVE_OUT);
    }
    String directory = directory(file);
    // Charts keep values for tests one below.
    String chart = directory.matches("(.*/)?ci") ? directory(directory) : directory;
    String command =
        run.replace("CHART", shellWord(chart))
            .replace("DIR", shellWord(directory))
            .replace("FILE", shellWord(file));
    return new ForeignFile(message, "`" + command + "`");
  }

  /** The directory of a file; of a patch or a part of a chart perhaps one below the right one. */
  private static String directory(String file) {
    int slash = file.lastIndexOf('/');
    return slash < 0 ? "." : slash == 0 ? "/" : file.substring(0, slash);
  }

  /** A word for a shell, whatever is in it. */
  static String shellWord(String word) {
    return word.matches("[A-Za-z0-9_./:@%+,=-]+")
        ? word
        : "'" + word.replace("'", "'\\''") + "'";
  }

  private static boolean has(Mapping mapping, String... keys) {
    for (String key : keys) {
      if (!mapping.entries().containsKey(key)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the first element of a list is a mapping with these keys. */
  private static boolean firstOf(Mapping root, String list, String... keys) {
    return root.get(list) instanceof Sequence sequence
        && !sequence.items().isEmpty()
        && sequence.items().getFirst() instanceof Mapping item
        && has(item, keys);
  }

  private static String group(Mapping root) {
    String version = root.text("apiVersion");
    return version == null || version.indexOf('/') < 0
        ? ""
        : version.substring(0, version.indexOf('/'));
  }

  static boolean isKustomization(String name, Mapping root) {
    String kind = root.text("kind");
    boolean named = name.equals("Kustomization") || name.matches("kustomization\\.ya?ml");
    return group(root).equals("kustomize.config.k8s.io")
        || (named && (kind == null || (kind.equals("Kustomization") && group(root).isEmpty())));
  }

  /** Whether a value holds a directive of a strategic merge patch, at any depth. */
  private static boolean isPatch(YamlValue value) {
    return switch (value) {
      case Mapping mapping -> {
        for (var entry : mapping.entries().entrySet()) {
          // What is said of one object of a list does not hold for the others.
          boolean objects = entry.getKey().equals("items") && mapping.text("kind") != null;
          if (DIRECTIVE.matcher(entry.getKey()).matches()
              || (!objects && isPatch(entry.getValue().value()))) {
            yield true;
          }
        }
        yield false;
      }
      case Sequence sequence -> sequence.items().stream().anyMatch(ForeignFile::isPatch);
      case YamlValue.Scalar scalar -> false;
    };
  }

  private static boolean isCompose(Mapping root) {
    if (!(root.get("services") instanceof Mapping services) || services.entries().isEmpty()) {
      return false;
    }
    return services.entries().values().stream()
        .allMatch(
            service ->
                service.value() instanceof Mapping mapping
                    && (has(mapping, "image") || has(mapping, "build") || has(mapping, "extends")));
  }
}
