package io.isoline.controlplane.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which API server is meant, and with which credentials it is asked. */
final class ApiServerTest {

  private static final String KUBECONFIG =
      """
      apiVersion: v1
      kind: Config
      current-context: first
      clusters:
      - {name: a, cluster: {server: "https://a.test:6443"}}
      - {name: b, cluster: {server: "https://b.test:6443"}}
      - {name: none, cluster: {}}
      users:
      - {name: u, user: {token: secret}}
      contexts:
      - {name: first, context: {cluster: a, user: u}}
      - {name: second, context: {cluster: b, user: u, namespace: web}}
      - {name: broken, context: {cluster: none, user: u}}
      """;

  @TempDir private Path directory;

  private Path file(String name, String text) {
    try {
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path account() {
    return directory.resolve("account");
  }

  private String found(ApiServerOptions options, Map<String, String> environment)
      throws ApiServerException {
    try (ApiServer server = ApiServer.of(options, environment, account())) {
      return server + " in " + server.ownNamespace();
    }
  }

  private String refused(ApiServerOptions options, Map<String, String> environment) {
    return String.valueOf(
        assertThrows(ApiServerException.class, () -> found(options, environment)).getMessage());
  }

  private static ApiServerOptions options(
      @Nullable Path kubeconfig, @Nullable String context, @Nullable String server) {
    return new ApiServerOptions(kubeconfig, context, server);
  }

  private static final ApiServerOptions NONE = options(null, null, null);

  @Test
  void nothingNamesAServer_isRefusedWithWhatToGive() {
    assertEquals(
        "nothing names an API server: give --kubeconfig FILE or --server URL, or set KUBECONFIG or"
            + " KUBERNETES_MASTER; in a pod it is found by itself. For manifests on disk, give"
            + " their PATH",
        refused(NONE, Map.of("HOME", directory.toString())));
  }

  @Test
  void server_alone_isAskedWithoutCredentials() throws ApiServerException {
    assertEquals(
        "http://127.0.0.1:8080 (--server) in default",
        found(options(null, null, "http://127.0.0.1:8080/"), Map.of()));
    assertEquals(
        "http://127.0.0.1:8080 (KUBERNETES_MASTER) in default",
        found(NONE, Map.of("KUBERNETES_MASTER", "http://127.0.0.1:8080")));
  }

  @Test
  void server_withoutScheme_isRefused() {
    assertEquals(
        "KUBERNETES_MASTER: expected https://HOST:PORT or http://HOST:PORT, not localhost:8080",
        refused(NONE, Map.of("KUBERNETES_MASTER", "localhost:8080")));
  }

  @Test
  void kubeconfig_currentContext_isUsed() throws ApiServerException {
    Path file = file("config", KUBECONFIG);
    assertEquals(
        "https://a.test:6443 (context first of " + file + ") in default",
        found(options(file, null, null), Map.of("KUBECONFIG", "/other")));
  }

  @Test
  void kubeconfig_otherContext_isUsed() throws ApiServerException {
    Path file = file("config", KUBECONFIG);
    assertEquals(
        "https://b.test:6443 (context second of " + file + ") in web",
        found(options(file, "second", null), Map.of()));
  }

  @Test
  void kubeconfig_unknownContext_isRefusedAndNotReplaced() {
    Path file = file("config", KUBECONFIG);
    assertEquals(
        file + ": there is no context third; it has broken, first, second",
        refused(options(file, "third", null), Map.of()));
  }

  @Test
  void kubeconfig_contextWithoutServer_isRefused() {
    Path file = file("config", KUBECONFIG);
    assertEquals(
        file + ": context broken has no cluster with a server",
        refused(options(file, "broken", null), Map.of()));
  }

  @Test
  void kubeconfig_withServer_givesTheCredentials() throws ApiServerException {
    Path file = file("config", KUBECONFIG);
    assertEquals(
        "https://c.test (--server, credentials of context first of " + file + ") in default",
        found(options(file, null, "https://c.test"), Map.of()));
  }

  @Test
  void kubeconfig_thatCannotBeUsed_isRefusedByName() {
    Path missing = directory.resolve("missing");
    assertEquals(
        "the kubeconfig " + missing + " cannot be read",
        refused(options(missing, null, null), Map.of()));
    Path odd = file("odd", "- a\n- b\n");
    assertTrue(
        refused(options(odd, null, null), Map.of()).startsWith(odd + " is not a kubeconfig: "));
    Path empty = file("empty", "");
    assertTrue(refused(options(empty, null, null), Map.of()).contains(empty.toString()));
  }

  @Test
  void kubeconfigVariable_severalFiles_areMerged() throws ApiServerException {
    Path first = file("first", "apiVersion: v1\nkind: Config\ncurrent-context: second\n");
    Path second = file("second", KUBECONFIG);
    assertEquals(
        "https://b.test:6443 (context second of " + first + ":" + second + ") in web",
        found(NONE, Map.of("KUBECONFIG", first + ":" + directory.resolve("none") + ":" + second)));
  }

  @Test
  void kubeconfigVariable_noSuchFile_isRefused() {
    assertEquals(
        "KUBECONFIG: there is no file /nowhere/config",
        refused(NONE, Map.of("KUBECONFIG", "/nowhere/config")));
  }

  @Test
  void kubeconfigOfTheUser_isTheLastResort() throws ApiServerException {
    Path file = file(".kube/config", KUBECONFIG);
    assertEquals(
        "https://a.test:6443 (context first of " + file + ") in default",
        found(NONE, Map.of("HOME", directory.toString())));
  }

  @Test
  void pod_isAskedByItsServiceAccount() throws ApiServerException {
    file(".kube/config", KUBECONFIG);
    file("account/token", "t");
    file("account/namespace", "isoline-system");
    assertEquals(
        "https://[fd00::1]:6443 (the cluster that this runs in) in isoline-system",
        found(
            NONE,
            Map.of(
                "HOME",
                directory.toString(),
                "KUBERNETES_SERVICE_HOST",
                "fd00::1",
                "KUBERNETES_SERVICE_PORT",
                "6443")));
  }

  @Test
  void pod_withoutToken_isRefusedWithTheReason() {
    assertEquals(
        "this runs in a cluster, but there is no token in "
            + account()
            + ": remove automountServiceAccountToken: false, or give --kubeconfig FILE",
        refused(NONE, Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1")));
  }

  @Test
  void context_withoutKubeconfig_isRefused() {
    assertEquals(
        "--context needs a kubeconfig: give --kubeconfig FILE",
        refused(options(null, "first", "https://a.test"), Map.of()));
  }

  @Test
  void ownNamespace_isThatOfThePod() throws ApiServerException {
    assertTrue(
        found(options(null, null, "https://a.test"), Map.of("POD_NAMESPACE", "edge"))
            .endsWith(" in edge"));
  }

  @Test
  void credentials_thatCannotBeRead_areRefused() {
    Path file =
        file(
            "config",
            KUBECONFIG.replace("{token: secret}", "{client-certificate: /no, client-key: /no}"));
    assertTrue(
        refused(options(file, null, null), Map.of())
            .startsWith("the credentials for https://a.test:6443"));
  }

  @Test
  void token_inAFile_isReadAnewForEachRequest() throws IOException, ApiServerException {
    try (FakeApiServer api = new FakeApiServer()) {
      file("account/token", "first\n");
      ApiServer server =
          ApiServer.of(options(null, null, api.url()), Map.of(), account());
      try (Fed fed = Fed.from(server, Scope.CLUSTER, Fed.SOON).awaitLoaded()) {
        assertTrue(api.requests().stream().allMatch(r -> r.token().equals("Bearer first")));
        file("account/token", "second\n");
        api.endWatches();
        fed.await(
            "the new token", () -> api.count(r -> r.token().equals("Bearer second")) >= 4);
        Files.delete(directory.resolve("account/token"));
        long before = api.count(r -> true);
        api.endWatches();
        fed.await("more requests", () -> api.count(r -> true) >= before + 4);
        assertEquals("Bearer second", api.requests().getLast().token());
      }
    }
  }

  @Test
  void token_ofAKubeconfig_mayBeInAFile() throws IOException, ApiServerException {
    try (FakeApiServer api = new FakeApiServer()) {
      file("token", "filed");
      Path file =
          file(
              "config",
              KUBECONFIG
                  .replace("https://a.test:6443", api.url())
                  .replace("{token: secret}", "{tokenFile: token}"));
      ApiServer server = ApiServer.of(options(file, null, null), Map.of());
      try (Fed fed = Fed.from(server, Scope.CLUSTER, Fed.SOON).awaitLoaded()) {
        assertTrue(fed.feed().isSynced());
        assertEquals("Bearer filed", api.requests().getFirst().token());
      }
    }
  }
}
