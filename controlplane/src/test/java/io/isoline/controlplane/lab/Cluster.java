package io.isoline.controlplane.lab;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.isoline.controlplane.envoy.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An API server to which tests have access as administrator.
 *
 * <p>Several test classes may share it, one after the other; only one thread uses it. What a test
 * makes in namespaces of {@link #newNamespace} goes with them when the test is over; of anything
 * else it has to clean up itself.
 */
public abstract class Cluster implements AutoCloseable {

  private static final AtomicInteger NAMESPACES = new AtomicInteger();

  private final Path kubeconfig;
  private final List<String> namespaces = new ArrayList<>();
  private int namespacesOfClass;
  private @Nullable KubernetesClient client;

  Cluster(Path kubeconfig) {
    this.kubeconfig = kubeconfig;
  }

  /** A file that gives access as administrator. */
  public final Path kubeconfig() {
    return kubeconfig;
  }

  /** Access as administrator; closed with the cluster. */
  public final KubernetesClient client() {
    KubernetesClient made = client;
    if (made == null) {
      made = newClient();
      client = made;
    }
    return made;
  }

  private KubernetesClient newClient() {
    try {
      return new KubernetesClientBuilder()
          .withConfig(Config.fromKubeconfig(Files.readString(kubeconfig)))
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How kubectl is called here; arguments follow. */
  abstract List<String> kubectlCommand();

  /**
   * What kubectl prints, without the end of the last line.
   *
   * @throws AssertionError with the output, when its exit status is not 0
   */
  public final String kubectl(String... arguments) {
    return Output.of(command(arguments), "").orThrow();
  }

  /** What kubectl prints and how it ends. */
  final Output tryKubectl(String... arguments) {
    return Output.of(command(arguments), "");
  }

  private List<String> command(String... arguments) {
    List<String> command = new ArrayList<>(kubectlCommand());
    command.addAll(List.of(arguments));
    return command;
  }

  /** {@code kubectl apply} of manifests that name their namespaces. */
  public final String apply(String yaml) {
    return Output.of(command("apply", "-f", "-"), yaml).orThrow();
  }

  /** {@code kubectl apply} into a namespace. */
  public final String apply(String namespace, String yaml) {
    return Output.of(command("apply", "-n", namespace, "-f", "-"), yaml).orThrow();
  }

  /** Makes a namespace that is removed after the test, or after the class if made before tests. */
  public final String newNamespace() {
    String name =
        "test-%d-%d".formatted(ProcessHandle.current().pid(), NAMESPACES.incrementAndGet());
    kubectl("create", "namespace", name);
    namespaces.add(name);
    return name;
  }

  /** Returns when the condition holds; {@code what} is said when it does not within a minute. */
  public static void await(String what, Callable<Boolean> condition) {
    Await.until(what, condition);
  }

  final void enterTest() {
    namespacesOfClass = namespaces.size();
  }

  final void leaveTest() {
    remove(namespaces.subList(namespacesOfClass, namespaces.size()));
  }

  final void leaveClass() {
    remove(namespaces);
    namespacesOfClass = 0;
  }

  private void remove(List<String> gone) {
    if (!gone.isEmpty()) {
      List<String> arguments =
          new ArrayList<>(List.of("delete", "namespace", "--ignore-not-found"));
      arguments.addAll(gone);
      gone.clear();
      kubectl(arguments.toArray(String[]::new));
    }
  }

  @Override
  public void close() {
    KubernetesClient made = client;
    if (made != null) {
      made.close();
      client = null;
    }
  }
}
