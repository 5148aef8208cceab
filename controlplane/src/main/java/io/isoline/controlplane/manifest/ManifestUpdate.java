package io.isoline.controlplane.manifest;

import io.isoline.translator.Change;
import java.util.List;

/**
 * What an edit of the files made of the manifests.
 *
 * @param manifests all that the files hold now
 * @param changes what differs from the update before; empty when nothing that is routed by has
 *     changed, a comment for example
 * @param files the names of the files that are new, changed or gone
 */
public record ManifestUpdate(Manifests manifests, List<Change> changes, List<String> files) {

  public ManifestUpdate {
    changes = List.copyOf(changes);
    files = List.copyOf(files);
  }
}
