package io.isoline.controlplane.engine;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Sha256;
import io.isoline.translator.Verdict;
import io.isoline.translator.kube.IngressRecord;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Hashes an Ingress and what became of it; replicas compare these hashes to see whether they have
 * the same state of it. During a rollout replicas run different versions of Isoline, so the hash
 * has nothing that a version may word as it likes: of a verdict only the field, the outcome and the
 * reason, each by its name.
 *
 * <p>The hash has the author's content itself, and no version number of the API server. The
 * generation stays the same when an annotation changes, begins with 1 again when the object is made
 * anew, and is missing in files. The resourceVersion changes with each write of the status, our own
 * too. The age is left out, as each replica counts a part of it; what the age decides is in the
 * verdicts.
 *
 * <p>Every version of Isoline must make the same hash of the same Ingress. A test has an example.
 */
final class IngressState {

  private final StringBuilder text = new StringBuilder();

  private IngressState() {}

  /** The hash of what the author of an Ingress wrote. */
  static String content(IngressRecord ingress) {
    IngressState state = new IngressState();
    ObjectRef ref = ingress.ref();
    state.add(ref.kind().text()).add(ref.namespace()).add(ref.name());
    state.add(ingress.ingressClassName());
    state.begin(ingress.annotations().entrySet());
    ingress.annotations().forEach((name, value) -> state.add(name).add(value));
    state.add(ingress.defaultBackend());
    state.begin(ingress.tls());
    for (IngressRecord.Tls tls : ingress.tls()) {
      state.add(tls.secretName()).begin(tls.hosts());
      tls.hosts().forEach(state::add);
    }
    state.begin(ingress.rules());
    for (IngressRecord.Rule rule : ingress.rules()) {
      state.add(rule.host()).begin(rule.paths());
      if (rule.paths() != null) {
        for (IngressRecord.Path path : rule.paths()) {
          state.add(path.path()).add(path.pathType()).add(path.backend());
        }
      }
    }
    return state.hash();
  }

  /** The hash of such a content and of what became of the Ingress. */
  static String of(String content, List<Verdict> verdicts) {
    // Where two verdicts differ in nothing but words, another version may have one, or three.
    TreeSet<String> results = new TreeSet<>();
    for (Verdict verdict : verdicts) {
      results.add(
          new IngressState()
              .add(verdict.field())
              .add(verdict.outcome().name())
              .add(verdict.reason().name())
              .text
              .toString());
    }
    IngressState state = new IngressState().add(content).begin(results);
    results.forEach(state::add);
    return state.hash();
  }

  private IngressState add(IngressRecord.@Nullable Backend backend) {
    IngressRecord.ServiceBackend service = backend == null ? null : backend.service();
    IngressRecord.ResourceBackend resource = backend == null ? null : backend.resource();
    return add(service == null ? null : service.name())
        .add(service == null ? null : service.portName())
        .add(service == null ? null : service.portNumber())
        .add(resource == null ? null : resource.apiGroup())
        .add(resource == null ? null : resource.kind())
        .add(resource == null ? null : resource.name());
  }

  private IngressState add(@Nullable Integer number) {
    return add(number == null ? null : number.toString());
  }

  /** Begins a list; null for none, which is not the same as an empty one. */
  private IngressState begin(@Nullable Collection<?> list) {
    return add(list == null ? null : list.size());
  }

  /** Each part with its length before it, so that no two rows of parts read the same. */
  private IngressState add(@Nullable String part) {
    if (part == null) {
      text.append('-');
    } else {
      text.append(part.length()).append(':').append(part);
    }
    return this;
  }

  private String hash() {
    byte[] digest = Sha256.digest().digest(text.toString().getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest, 0, 8);
  }
}
