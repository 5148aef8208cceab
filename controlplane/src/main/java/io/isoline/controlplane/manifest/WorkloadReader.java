package io.isoline.controlplane.manifest;

import io.isoline.controlplane.manifest.YamlValue.Mapping;
import io.isoline.controlplane.manifest.YamlValue.Scalar;
import io.isoline.controlplane.manifest.YamlValue.Sequence;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.kube.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads what a {@link Workload} needs and nothing else; what cannot be read is left out. */
final class WorkloadReader {

  private static final Kind POD = Kind.of("Pod");
  private static final Kind DAEMON_SET = Kind.of("DaemonSet");
  private static final Set<Kind> WITH_TEMPLATE =
      Set.of(Kind.of("Deployment"), Kind.of("StatefulSet"), Kind.of("ReplicaSet"), DAEMON_SET);
  private static final int MAX_REPLICAS = 10_000;

  private WorkloadReader() {}

  static @Nullable Workload read(String apiVersion, ObjectRef ref, Mapping object) {
    if (ref.kind().equals(POD) && apiVersion.equals("v1")) {
      return pods(ref, 1, object);
    }
    boolean served = apiVersion.startsWith("apps/") || apiVersion.startsWith("extensions/");
    if (!WITH_TEMPLATE.contains(ref.kind()) || !served) {
      return null;
    }
    Mapping spec = mapping(object, "spec");
    int replicas = ref.kind().equals(DAEMON_SET) ? 1 : number(spec.get("replicas"), 1);
    return pods(ref, Math.min(replicas, MAX_REPLICAS), mapping(spec, "template"));
  }

  private static Workload pods(ObjectRef ref, int replicas, Mapping pod) {
    Map<String, String> labels = new TreeMap<>();
    for (var label : mapping(mapping(pod, "metadata"), "labels").entries().entrySet()) {
      if (label.getValue().value() instanceof Scalar scalar) {
        labels.put(label.getKey(), scalar.text());
      }
    }
    List<Workload.ContainerPort> ports = new ArrayList<>();
    for (Mapping container : items(mapping(pod, "spec"), "containers")) {
      for (Mapping port : items(container, "ports")) {
        int number = number(port.get("containerPort"), 0);
        if (number > 0 && number <= 65535) {
          String name = port.text("name");
          String protocol = port.text("protocol");
          ports.add(
              new Workload.ContainerPort(
                  name == null ? "" : name, number, protocol == null ? "TCP" : protocol));
        }
      }
    }
    return new Workload(ref, replicas, labels, ports);
  }

  private static Mapping mapping(Mapping parent, String key) {
    return parent.get(key) instanceof Mapping mapping ? mapping : new Mapping(0, 0);
  }

  private static List<Mapping> items(Mapping parent, String key) {
    List<Mapping> mappings = new ArrayList<>();
    if (parent.get(key) instanceof Sequence sequence) {
      for (YamlValue item : sequence.items()) {
        if (item instanceof Mapping mapping) {
          mappings.add(mapping);
        }
      }
    }
    return mappings;
  }

  private static int number(@Nullable YamlValue value, int otherwise) {
    BigInteger number = value instanceof Scalar scalar ? scalar.asInteger() : null;
    return number == null || number.signum() < 0 || number.bitLength() > 31
        ? otherwise
        : number.intValue();
  }
}
