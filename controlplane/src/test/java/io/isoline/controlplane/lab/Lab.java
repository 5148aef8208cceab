package io.isoline.controlplane.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The lab: an API server, and pods that answer, in a network namespace that only {@link #exec} and
 * {@link #start} reach.
 *
 * <p>Pods of images that do not matter are echo servers of the lab, at addresses of the namespace
 * itself. Pods of the images of Isoline and Envoy run this build's distribution and a real Envoy
 * (the image defaultbackend too, as one that answers 404), each with a network and a root directory
 * of its own, by {@code src/test/lab/pod.py}. A process that a test starts beside them listens on
 * an {@link #address} of its own and never on all, which would keep the pods from that port.
 */
public final class Lab extends Cluster {

  /** Where the chart's image has the distribution. */
  private static final String HOME_IN_IMAGE = "/opt/isoline";

  /** The range of the cluster's Services, by the arguments of the lab's API server. */
  private static final String CLUSTER_IPS = "10.96.0.0/16";

  private static final long BUILD_LIMIT_SECONDS = 45 * 60;

  private final Path script;
  private final Path directory;
  private final Path envoy;

  /** All that were started; also read by the thread that runs when the JVM ends. */
  private final List<LabProcess> processes = new CopyOnWriteArrayList<>();

  private final AtomicInteger addresses = new AtomicInteger();
  private @Nullable LabProcess network;

  /** The processes of the cluster. */
  public enum Component {
    ETCD,
    KUBE_APISERVER,
    KUBE_CONTROLLER_MANAGER,
    KUBELET;

    private String program() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private Lab(Path script, Path directory, Path envoy) {
    super(directory.resolve("kubeconfig"));
    this.script = script;
    this.directory = directory;
    this.envoy = envoy;
  }

  /**
   * Starts a lab with nothing in it, after the end of one that may still run in this directory.
   * Takes three seconds, but many minutes when the lab has never been built on this machine.
   */
  static Lab start(Path script, Path directory) {
    Path assets = Path.of(run(script, directory, BUILD_LIMIT_SECONDS, "build")).getParent();
    Path envoy = Path.of(run(script, directory, BUILD_LIMIT_SECONDS, "envoy"));
    if (assets == null) {
      throw new IllegalStateException(script + " build prints no path");
    }
    run(script, directory, BUILD_LIMIT_SECONDS, "reset");
    Lab lab = new Lab(script, directory, envoy);
    Path defaultBackend = Path.of("src/test/lab/default-backend.yaml").toAbsolutePath();
    String pod =
        String.join(
            " ",
            List.of(
                "exec",
                Path.of("src/test/lab/pod.py").toAbsolutePath().toString(),
                "--bind " + LabProcess.DISTRIBUTION + ":" + HOME_IN_IMAGE,
                "--bind " + envoy + ":/usr/local/bin/envoy",
                "--bind " + defaultBackend + ":/etc/default-backend.yaml",
                "--entrypoint '*envoy*=/usr/local/bin/envoy'",
                "--entrypoint '*defaultbackend*=/usr/local/bin/envoy -c /etc/default-backend.yaml"
                    + " --disable-hot-restart --concurrency 1'",
                "--entrypoint '*isoline*=" + HOME_IN_IMAGE + "/bin/isoline'",
                "-- \"$@\""));
    lab.lab(
        "up",
        // A DaemonSet has two pods.
        "--nodes=2",
        // For the pods, in whose networks 127.0.0.1 is their own.
        "--apiserver-arg=--bind-address=0.0.0.0",
        "--exec=*envoy*=" + pod,
        "--exec=*defaultbackend*=" + pod,
        "--exec=*isoline*=" + pod);
    // Removed when the tests are interrupted, too.
    Runtime.getRuntime().addShutdownHook(new Thread(lab::stop));
    lab.exec("ip", "route", "add", "local", CLUSTER_IPS, "dev", "lo");
    return lab;
  }

  private static String run(Path script, Path directory, long limitSeconds, String... arguments) {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("LAB_DIR", directory.toString());
    String text = Output.of(builder, "", limitSeconds).orThrow();
    // What is said about a build comes first.
    return text.substring(text.lastIndexOf('\n') + 1);
  }

  private void lab(String... arguments) {
    run(script, directory, BUILD_LIMIT_SECONDS, arguments);
  }

  /** {@code lab.sh} for this cluster; arguments follow. */
  List<String> command(String... first) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("env", "LAB_DIR=" + directory, script.toString()));
    command.addAll(List.of(first));
    return command;
  }

  @Override
  List<String> kubectlCommand() {
    return command("kubectl");
  }

  /** The directory of the cluster's data and logs. */
  Path directory() {
    return directory;
  }

  /** The helm of the lab, which is built if need be. */
  Path helm() {
    return Path.of(run(script, directory, BUILD_LIMIT_SECONDS, "helm"));
  }

  /** The Envoy that pods run. */
  Path envoy() {
    return envoy;
  }

  /**
   * Runs a command inside the network namespace and returns what it prints.
   *
   * @throws AssertionError with the output, when its exit status is not 0
   */
  public String exec(String... command) {
    return tryExec(command).orThrow();
  }

  /** What a command inside the network namespace prints, and how it ends. */
  Output tryExec(String... command) {
    List<String> all = command("exec");
    all.addAll(List.of(command));
    return Output.of(all, "");
  }

  /** Starts a process inside the network namespace; the caller closes it. */
  LabProcess start(Map<String, String> environment, String... command) {
    return begin(environment, List.of(command));
  }

  /** Starts the built distribution inside the network namespace; the caller closes it. */
  LabProcess isoline(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(LabProcess.DISTRIBUTION.resolve("bin/isoline").toString());
    command.addAll(List.of(arguments));
    return begin(Map.of(), command);
  }

  /** Starts a Java program of the tests inside the network namespace; the caller closes it. */
  LabProcess java(Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return begin(Map.of(), command);
  }

  private LabProcess begin(Map<String, String> environment, List<String> command) {
    LabProcess process = LabProcess.start(this, environment, command);
    processes.add(process);
    return process;
  }

  /** An address of the namespace that nobody else listens on. */
  String address() {
    return "127.10.0." + addresses.incrementAndGet();
  }

  /** Gives pods the cluster IPs of Services and their names by DNS, as {@link ClusterNetwork}. */
  void startNetwork() {
    if (network == null) {
      LabProcess started = java(ClusterNetwork.class);
      network = started;
      started.awaitLine("cluster network is up");
    }
  }

  /** SIGKILL for a component, which the lab starts again within seconds. */
  public void kill(Component component) {
    lab("kill", component.program(), "KILL");
  }

  /**
   * SIGKILL for a container of Isoline or Envoy, which is started again after a pause. Returns when
   * its process is gone, which on a busy machine takes some time.
   */
  void kill(String namespace, String pod, String container) {
    String uid = kubectl("get", "pod", "-n", namespace, pod, "-o=jsonpath={.metadata.uid}");
    Path file = directory.resolve("pods/" + uid + "/" + container + ".files/pid");
    try {
      String pid = Files.readString(file).strip();
      Output.of(List.of("kill", "-KILL", pid), "").orThrow();
      await(container + " is gone", () -> ProcessHandle.of(Long.parseLong(pid)).isEmpty());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGSTOP: its connections stay open, and nobody answers. */
  public void freeze(Component component) {
    lab("kill", component.program(), "STOP");
  }

  /** SIGCONT after {@link #freeze}. */
  public void resume(Component component) {
    lab("kill", component.program(), "CONT");
  }

  @Override
  public void close() {
    super.close();
    network = null;
    stop();
  }

  private void stop() {
    // They would stay when this JVM is killed.
    processes.forEach(LabProcess::close);
    lab("down");
  }

  @Override
  public String toString() {
    return "the lab in " + directory;
  }
}
