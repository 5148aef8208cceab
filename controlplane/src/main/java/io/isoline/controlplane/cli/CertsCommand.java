package io.isoline.controlplane.cli;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.isoline.controlplane.certs.CertificateSecrets;
import io.isoline.controlplane.certs.CertificateSet;
import io.isoline.controlplane.certs.Renewal;
import io.isoline.controlplane.certs.XdsIdentity;
import io.isoline.controlplane.kubernetes.ApiServer;
import io.isoline.controlplane.options.ConnectionOptions;
import io.isoline.controlplane.terminal.Failure;
import io.isoline.controlplane.terminal.Logging;
import io.isoline.controlplane.terminal.Terminal;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code isoline certs}. */
@Command(
    name = "certs",
    sortOptions = false,
    customSynopsis = "isoline certs [OPTIONS]",
    optionListHeading = "%nOptions:%n",
    description = {
      "Makes the certificates with which control planes and Envoys know each other: a CA, and one"
          + " certificate for each side, as the Secrets isoline-ca, isoline-xds-server and"
          + " isoline-xds-client.",
      "",
      "It also makes the default certificate, which all replicas serve for hosts that have none:"
          + " self-signed, as the Secret isoline-default-certificate.",
      "",
      "With --apply it keeps them in the cluster: it makes what is missing and renews what has"
          + " lived for two thirds of its time, the default certificate 30 days before its end, so"
          + " that it can be run every day. Secrets that it did not make are left alone."
          + " Without --apply it prints new ones each time."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  isoline certs --apply --namespace isoline-system",
      "  isoline certs --namespace isoline-system | kubectl apply -f -"
    })
final class CertsCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Option(
      names = "--apply",
      description = "Write them to the API server, instead of printing them.")
  private boolean apply;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = {
        "Where the Secrets are. Default for --apply: the namespace that this runs in, or that of"
            + " the kubeconfig's context."
      })
  private @Nullable String namespace;

  @Option(
      names = "--only",
      paramLabel = "WHICH",
      description = "xds or default: these Secrets alone.")
  private @Nullable CertificateSet only;

  @Mixin private final LogOption log = new LogOption();

  @ArgGroup(validate = false, heading = "%nThe cluster:%n")
  private final ConnectionOptions connection = new ConnectionOptions();

  CertsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Failure {
    log.configure(Logging.LogLevel.ERROR);
    if (apply) {
      return apply();
    }
    Instant now = Instant.now();
    terminal.print(
        sets().stream()
            .flatMap(set -> set.renew(List.of(), namespace, now).write().stream())
            .map(secret -> Serialization.asYaml(secret).stripTrailing())
            .collect(Collectors.joining("\n")));
    return Main.OK;
  }

  private List<CertificateSet> sets() {
    return only == null ? List.of(CertificateSet.values()) : List.of(only);
  }

  private int apply() throws Failure {
    try (ApiServer server = connection.apiServer(terminal.environment())) {
      String where = namespace == null ? server.ownNamespace() : namespace;
      CertificateSecrets secrets = new CertificateSecrets(server.client(), where);
      List<Renewal> renewals = new ArrayList<>();
      try {
        for (CertificateSet set : sets()) {
          renewals.add(secrets.renew(set, Instant.now()));
        }
      } catch (KubernetesClientException e) {
        throw new Failure(explain(e, server, where), e);
      }
      if (renewals.stream().allMatch(each -> each.write().isEmpty() && each.foreign().isEmpty())) {
        terminal.print(
            "nothing is due: the certificates in namespace %s are right".formatted(where));
      }
      for (Renewal renewal : renewals) {
        report(renewal, where);
      }
    }
    return Main.OK;
  }

  private void report(Renewal renewal, String where) throws Failure {
    for (int i = 0; i < renewal.write().size(); i++) {
      String name = renewal.write().get(i).getMetadata().getName();
      terminal.print(
          "secret/%s %s"
              .formatted(
                  name,
                  renewal.missing().contains(name)
                      ? "created"
                      : "renewed: " + renewal.reasons().get(i)));
    }
    if (renewal.foreign().isEmpty()) {
      return;
    }
    String names = String.join(", ", renewal.foreign());
    List<String> needed = Stream.of(XdsIdentity.values()).map(XdsIdentity::secretName).toList();
    if (renewal.missing().stream().anyMatch(needed::contains)) {
      throw new Failure(
          ("%s in namespace %s is not made by Isoline, as it lacks the label %s=%s, so nothing is"
                  + " touched; but there is no %s.%n  Make that where the others come from, or"
                  + " delete them to have all made here.")
              .formatted(
                  names,
                  where,
                  CertificateSet.LABEL,
                  CertificateSet.OWNER,
                  String.join(", ", renewal.missing())));
    }
    terminal.print(
        "left alone: %s in namespace %s is not made by Isoline".formatted(names, where));
  }

  private String explain(KubernetesClientException e, ApiServer server, String where) {
    String words =
        e.getStatus() == null || e.getStatus().getMessage() == null
            ? rootMessage(e)
            : e.getStatus().getMessage();
    if (e.getCode() <= 0) {
      return "the API server %s cannot be reached: %s".formatted(server, words);
    }
    if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
      return ("%s%n  In namespace %s the verbs get and update for the Secrets %s are needed, and"
              + " create for Secrets.")
          .formatted(words, where, names());
    }
    return "the API server %s refuses: %s".formatted(server, words);
  }

  private String names() {
    return sets().stream()
        .flatMap(set -> set.secretNames().stream())
        .collect(Collectors.joining(", "));
  }

  private static String rootMessage(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
