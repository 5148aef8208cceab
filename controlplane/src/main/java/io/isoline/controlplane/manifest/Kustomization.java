package io.isoline.controlplane.manifest;

import io.isoline.controlplane.manifest.YamlValue.Mapping;
import io.isoline.controlplane.manifest.YamlValue.Scalar;
import io.isoline.controlplane.manifest.YamlValue.Sequence;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the files that a kustomization names and that look like objects but are none. */
final class Kustomization {

  private static final List<String> LISTS =
      List.of("patches", "patchesStrategicMerge", "patchesJson6902", "replacements",
          "configurations", "transformers", "generators");

  private Kustomization() {}

  /**
   * The files of patches, transformers and the like.
   *
   * @param file that holds the kustomization
   */
  static Set<String> patches(String file, Mapping root) {
    Set<String> patches = new LinkedHashSet<>();
    for (String list : LISTS) {
      if (root.get(list) instanceof Sequence sequence) {
        for (YamlValue item : sequence.items()) {
          String name =
              switch (item) {
                case Scalar scalar -> scalar.text();
                case Mapping mapping -> mapping.text("path");
                case Sequence _ -> null;
              };
          String resolved = name == null ? null : resolve(file, name);
          if (resolved != null) {
            patches.add(resolved);
          }
        }
      }
    }
    return patches;
  }

  /** A file's name in the form in which {@link #patches} gives them. */
  static String plain(String file) {
    try {
      return Path.of(file).normalize().toString();
    } catch (InvalidPathException e) {
      return file;
    }
  }

  private static @Nullable String resolve(String file, String name) {
    try {
      return name.indexOf('\n') >= 0 ? null : Path.of(file).resolveSibling(name).normalize().toString();
    } catch (InvalidPathException e) {
      return null;
    }
  }
}
