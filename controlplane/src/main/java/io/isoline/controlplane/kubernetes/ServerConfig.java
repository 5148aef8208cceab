package io.isoline.controlplane.kubernetes;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedCluster;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which API server is meant, in this order: what the options say, {@code KUBECONFIG}, the
 * cluster that this runs in, {@code ~/.kube/config}. There is no default: a server that nobody
 * named is never asked.
 */
final class ServerConfig {

  /** Where Kubernetes mounts what a pod needs to talk to the API server. */
  static final Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  private final ApiServerOptions options;
  private final Map<String, String> environment;
  private final Path serviceAccount;

  /**
   * What was found.
   *
   * @param origin where, for people
   */
  record Found(Config config, String origin) {}

  ServerConfig(
      ApiServerOptions options, Map<String, String> environment, Path serviceAccount) {
    this.options = options;
    this.environment = environment;
    this.serviceAccount = serviceAccount;
  }

  Found find() throws ApiServerException {
    Found found = locate();
    Config config = found.config();
    // A WebSocket would need a connection of its own for each watch.
    config.setOnlyHttpWatches(true);
    config.setUserAgent("isoline");
    useProxy(config);
    return found;
  }

  private Found locate() throws ApiServerException {
    String url = options.server();
    String origin = "--server";
    if (url == null) {
      url = variable("KUBERNETES_MASTER");
      origin = "KUBERNETES_MASTER";
    }
    if (url != null) {
      requireUrl(origin, url);
    }
    List<Path> files = kubeconfigs();
    if (!files.isEmpty()) {
      return kubeconfig(files, url, origin);
    }
    if (options.context() != null) {
      throw new ApiServerException("--context needs a kubeconfig: give --kubeconfig FILE");
    }
    if (url != null) {
      return new Found(serviceAccount(url), origin);
    }
    String host = variable("KUBERNETES_SERVICE_HOST");
    if (host != null) {
      return inCluster(host);
    }
    throw new ApiServerException(
        "nothing names an API server: give --kubeconfig FILE or --server URL, or set KUBECONFIG or"
            + " KUBERNETES_MASTER; in a pod it is found by itself. For manifests on disk, give"
            + " their PATH");
  }

  /** The kubeconfig files to use, the first of which goes before the others; empty for none. */
  private List<Path> kubeconfigs() throws ApiServerException {
    if (options.kubeconfig() != null) {
      return List.of(options.kubeconfig());
    }
    String list = variable("KUBECONFIG");
    if (list != null) {
      List<Path> files = new ArrayList<>();
      for (String name : list.split(File.pathSeparator, -1)) {
        if (!name.isEmpty() && Files.exists(Path.of(name))) {
          files.add(Path.of(name));
        }
      }
      if (files.isEmpty()) {
        throw new ApiServerException("KUBECONFIG: there is no file " + list);
      }
      return files;
    }
    String home = variable("HOME");
    if (home == null || variable("KUBERNETES_SERVICE_HOST") != null) {
      return List.of();
    }
    Path usual = Path.of(home, ".kube", "config");
    return Files.exists(usual) ? List.of(usual) : List.of();
  }

  private Found kubeconfig(List<Path> files, @Nullable String url, String origin)
      throws ApiServerException {
    String names = String.join(File.pathSeparator, files.stream().map(Path::toString).toList());
    List<io.fabric8.kubernetes.api.model.Config> parsed = new ArrayList<>();
    for (Path file : files) {
      parsed.add(parse(file));
    }
    String context = context(parsed, names);
    if (!useServer(parsed, context, url) && url == null) {
      throw new ApiServerException(
          "%s: context %s has no cluster with a server".formatted(names, context));
    }
    Config config = Config.empty();
    try {
      KubeConfigUtils.merge(
          config, context, parsed.toArray(io.fabric8.kubernetes.api.model.Config[]::new));
    } catch (RuntimeException e) {
      // Of many kinds: credentials may come from a program that is started now.
      throw new ApiServerException(names + ": " + rootMessage(e), e);
    }
    String found = "context " + context + " of " + names;
    if (url != null) {
      config.setMasterUrl(url);
      found = origin + ", credentials of " + found;
    }
    requireUrl(found, config.getMasterUrl());
    useTokens(config, files, parsed);
    return new Found(config, found);
  }

  private static void requireUrl(String origin, String url) throws ApiServerException {
    try {
      URI uri = new URI(url);
      if (uri.getHost() != null
          && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))) {
        return;
      }
    } catch (URISyntaxException e) {
      // Refused below, like any text that is not a URL.
    }
    throw new ApiServerException(
        "%s: expected https://HOST:PORT or http://HOST:PORT, not %s".formatted(origin, url));
  }

  private static io.fabric8.kubernetes.api.model.Config parse(Path file)
      throws ApiServerException {
    if (!Files.isReadable(file)) {
      throw new ApiServerException("the kubeconfig %s cannot be read".formatted(file));
    }
    try {
      return KubeConfigUtils.parseConfig(file.toFile());
    } catch (RuntimeException e) {
      // Of many kinds, for a file that is empty, or no YAML, or something else.
      throw new ApiServerException(
          "%s is not a kubeconfig: %s".formatted(file, rootMessage(e)), e);
    }
  }

  /** The context that is meant. The client would take another one when there is none. */
  private String context(List<io.fabric8.kubernetes.api.model.Config> parsed, String names)
      throws ApiServerException {
    Set<String> contexts = new TreeSet<>();
    String context = options.context();
    for (io.fabric8.kubernetes.api.model.Config each : parsed) {
      if (each.getContexts() != null) {
        each.getContexts().forEach(named -> contexts.add(named.getName()));
      }
      String current = each.getCurrentContext();
      if (context == null && current != null && !current.isEmpty()) {
        context = current;
      }
    }
    String choice =
        contexts.isEmpty() ? "it has no contexts" : "it has " + String.join(", ", contexts);
    if (context == null) {
      throw new ApiServerException(
          "%s: no context is the current one; give --context NAME (%s)".formatted(names, choice));
    }
    if (!contexts.contains(context)) {
      throw new ApiServerException(
          "%s: there is no context %s; %s".formatted(names, context, choice));
    }
    return context;
  }

  /**
   * Puts a URL, where one is given, into the cluster of a context. False when there is no cluster,
   * or none with a server, which the client would not survive.
   */
  private static boolean useServer(
      List<io.fabric8.kubernetes.api.model.Config> parsed, String context, @Nullable String url) {
    String cluster =
        parsed.stream()
            .flatMap(each -> each.getContexts() == null ? null : each.getContexts().stream())
            .filter(each -> context.equals(each.getName()) && each.getContext() != null)
            .map(each -> String.valueOf(each.getContext().getCluster()))
            .findFirst()
            .orElse("");
    for (io.fabric8.kubernetes.api.model.Config each : parsed) {
      List<NamedCluster> clusters = each.getClusters();
      for (NamedCluster named : clusters == null ? List.<NamedCluster>of() : clusters) {
        if (cluster.equals(named.getName()) && named.getCluster() != null) {
          if (url != null) {
            named.getCluster().setServer(url);
          }
          String server = named.getCluster().getServer();
          return server != null && !server.isEmpty();
        }
      }
    }
    return false;
  }

  /**
   * Says where tokens come from at each request. Without it, the client reads the whole kubeconfig
   * again every minute; that remains for plugins that make credentials.
   */
  private static void useTokens(
      Config config, List<Path> files, List<io.fabric8.kubernetes.api.model.Config> parsed) {
    String user = config.getCurrentContext().getContext().getUser();
    for (int i = 0; i < parsed.size(); i++) {
      List<NamedAuthInfo> users = parsed.get(i).getUsers();
      for (NamedAuthInfo each : users == null ? List.<NamedAuthInfo>of() : users) {
        AuthInfo credentials = each.getUser();
        if (credentials == null || !each.getName().equals(user)) {
          continue;
        }
        if (credentials.getTokenFile() != null && !credentials.getTokenFile().isEmpty()) {
          Path file = files.get(i).resolveSibling(credentials.getTokenFile());
          config.setOauthTokenProvider(new FileToken(file));
        } else if (credentials.getExec() == null && credentials.getAuthProvider() == null) {
          config.setOauthTokenProvider(config::getAutoOAuthToken);
        }
        return;
      }
    }
  }

  private Found inCluster(String host) throws ApiServerException {
    String port = variable("KUBERNETES_SERVICE_PORT");
    String address = host.contains(":") ? "[" + host + "]" : host;
    if (!Files.exists(serviceAccount.resolve("token"))) {
      throw new ApiServerException(
          "this runs in a cluster, but there is no token in "
              + serviceAccount
              + ": remove automountServiceAccountToken: false, or give --kubeconfig FILE");
    }
    return new Found(
        serviceAccount("https://" + address + ":" + (port == null ? "443" : port)),
        "the cluster that this runs in");
  }

  /** Configures access to a server with the credentials of the pod, if it has any. */
  private Config serviceAccount(String url) throws ApiServerException {
    Config config = Config.empty();
    config.setMasterUrl(url);
    Path token = serviceAccount.resolve("token");
    Path authority = serviceAccount.resolve("ca.crt");
    Path namespace = serviceAccount.resolve("namespace");
    if (Files.exists(token)) {
      config.setOauthTokenProvider(new FileToken(token));
    }
    if (Files.exists(authority)) {
      config.setCaCertFile(authority.toString());
    }
    try {
      if (Files.exists(namespace)) {
        config.setNamespace(Files.readString(namespace).strip());
      }
    } catch (IOException e) {
      throw new ApiServerException("%s cannot be read: %s".formatted(namespace, e), e);
    }
    return config;
  }

  /** The proxy of the environment, as kubectl takes it; never for this machine itself. */
  private void useProxy(Config config) {
    if (config.getHttpsProxy() == null) {
      config.setHttpsProxy(eitherCase("HTTPS_PROXY"));
    }
    if (config.getHttpProxy() == null) {
      config.setHttpProxy(eitherCase("HTTP_PROXY"));
    }
    List<String> direct = new ArrayList<>(List.of("localhost", "127.0.0.1"));
    String list = eitherCase("NO_PROXY");
    if (list != null) {
      for (String entry : list.split(",", -1)) {
        if (!entry.isBlank()) {
          direct.add(entry.strip());
        }
      }
    }
    config.setNoProxy(direct.toArray(String[]::new));
  }

  private @Nullable String eitherCase(String name) {
    String value = variable(name);
    return value == null ? variable(name.toLowerCase(Locale.ROOT)) : value;
  }

  private @Nullable String variable(String name) {
    String value = environment.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  /** The first line of the message of the root cause. */
  static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage();
    return message == null || message.isBlank()
        ? root.getClass().getSimpleName()
        : message.lines().findFirst().orElse(message);
  }
}
