package io.isoline.controlplane.migrate.verify;

import io.isoline.controlplane.migrate.verify.Comparison.Difference;
import io.isoline.translator.ObjectRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The outcome for programs: each request that was answered in two ways. */
public final class VerifyTree {

  private VerifyTree() {}

  /**
   * The tree.
   *
   * @param hints what the report says of an Ingress, a few words each
   */
  public static Map<String, Object> of(
      VerifyResult result, Function<ObjectRef, List<String>> hints) {
    List<Object> different = new ArrayList<>();
    result
        .different()
        .forEach((probe, differences) -> different.add(entry(probe, differences, hints)));
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("requests", result.requests());
    tree.put("different", result.different().size());
    tree.put("skipped", result.skipped());
    tree.put("differences", different);
    return tree;
  }

  private static Map<String, Object> entry(
      Probe probe, List<Difference> differences, Function<ObjectRef, List<String>> hints) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("method", probe.method());
    entry.put("url", probe.url());
    entry.put(
        "headers",
        probe.headers().stream().map(header -> header.name() + ": " + header.value()).toList());
    entry.put("namespace", probe.origin().ingress().namespace());
    entry.put("ingress", probe.origin().ingress().name());
    entry.put("about", probe.origin().about());
    List<Object> told = new ArrayList<>();
    for (Difference difference : differences) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("aspect", difference.aspect());
      each.put("old", difference.old());
      each.put("new", difference.now());
      told.add(each);
    }
    entry.put("differences", told);
    entry.put("report", hints.apply(probe.origin().ingress()));
    return entry;
  }
}
