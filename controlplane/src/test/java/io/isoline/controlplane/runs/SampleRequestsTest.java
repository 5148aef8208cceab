package io.isoline.controlplane.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.kube.Age;
import io.isoline.translator.kube.IngressRecord;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleRequestsTest {

  private static final IngressRecord.Backend WEB =
      new IngressRecord.Backend(new IngressRecord.ServiceBackend("web", null, 80), null);

  @Test
  void host_inTheHostHeader() {
    assertEquals(
        "curl -H 'Host: web.example.com' http://127.0.0.1:8080/a", command("web.example.com", "/a"));
  }

  @Test
  void wildcardHost_oneOfItsNames() {
    assertEquals(
        "curl -H 'Host: any.example.com' http://127.0.0.1:8080/", command("*.example.com", null));
  }

  @Test
  void noHost_noHeader() {
    assertEquals("curl http://127.0.0.1:8080/", command(null, "/"));
  }

  @Test
  void tlsHost_httpsWithTheNameResolved() {
    assertEquals(
        "curl -k --resolve tls.example.com:8443:127.0.0.1 https://tls.example.com:8443/",
        command("TLS.example.com", "/"));
  }

  @Test
  void textOfOthers_isOneWordOfTheShell() {
    assertEquals(
        "curl 'http://127.0.0.1:8080/$(reboot)'\\''; x'", command(null, "/$(reboot)'; x"));
  }

  @Test
  void ipv6_inBrackets() {
    assertEquals(
        "curl 'http://[::1]:8080/'",
        new SampleRequests("::1", 8080, 8443)
            .of(List.of(ingress(null, "/")), Map.of())
            .getFirst()
            .command());
  }

  @Test
  void defaultBackend_last() {
    IngressRecord fallback =
        new IngressRecord(
            ObjectRef.ingress("default", "fallback"),
            new Age(null, 0),
            null,
            new TreeMap<>(),
            WEB,
            List.of(),
            List.of());
    List<SampleRequests.Request> requests =
        new SampleRequests("127.0.0.1", 8080, 8443)
            .of(List.of(fallback, ingress("web.example.com", "/")), Map.of());
    assertEquals(
        new SampleRequests.Request("curl http://127.0.0.1:8080/", "web:80"), requests.getLast());
    assertEquals(2, requests.size());
  }

  @ParameterizedTest
  @CsvSource({
    "spec.rules[0].http.paths[0],REFUSED,InvalidValue",
    "spec.rules[0].http.paths[0].path,REFUSED,InvalidValue",
    "spec.rules[0].http.paths[0].backend,REFUSED,BackendNotFound",
    "spec.rules[0].http.paths[0].backend.service.name,REFUSED,InvalidValue",
    "spec.rules[0].host,REFUSED,InvalidValue",
    "spec.rules[0],REFUSED,InvalidValue",
    "spec.rules[0].http.paths[0],NO_EFFECT,Conflict",
  })
  void pathOfWhichNothingIsInForce_noRequest(String field, Outcome outcome, Reason reason) {
    assertEquals(List.of(), requests(field, outcome, reason));
  }

  @ParameterizedTest
  @CsvSource({
    "spec.rules[0].http.paths[0].path,APPLIED_WITH_DIFFERENCE,Unsupported",
    "spec.rules[0].http.paths[0].backend,APPLIED_WITH_DIFFERENCE,NoEndpoints",
    "spec.rules[0].http.paths[1],REFUSED,InvalidValue",
    "spec.rules[00].host,REFUSED,InvalidValue",
    "spec.tls[0],REFUSED,InvalidValue",
    "metadata.annotations[spec.rules[0].host],REFUSED,InvalidValue",
  })
  void pathThatIsInForce_request(String field, Outcome outcome, Reason reason) {
    assertEquals(1, requests(field, outcome, reason).size());
  }

  @Test
  void canary_itsMainIngressAlone() {
    IngressRecord canary = annotated("nginx.ingress.kubernetes.io/canary", "true");
    IngressRecord main = ingress("web.example.com", "/");
    var verdict =
        new Verdict(
            canary.ref(),
            "metadata.annotations[nginx.ingress.kubernetes.io/canary]",
            Outcome.REFUSED,
            Reason.Unsupported,
            "",
            "");
    assertEquals(
        new SampleRequests("127.0.0.1", 8080, 8443).of(List.of(main), Map.of()),
        new SampleRequests("127.0.0.1", 8080, 8443)
            .of(List.of(canary, main), Map.of(canary.ref(), List.of(verdict))));
  }

  @Test
  void permanentRedirect_isTheAnswer() {
    IngressRecord moved = annotated("isoline.io/permanent-redirect", "https://a.test/new");
    List<SampleRequests.Request> requests =
        new SampleRequests("127.0.0.1", 8080, 8443).of(List.of(moved), Map.of());
    assertEquals(
        List.of("301 to https://a.test/new", "301 to https://a.test/new"),
        requests.stream().map(SampleRequests.Request::answer).toList());
  }

  @Test
  void pathThatIsAnExpression_isAskedForByAnExample() {
    IngressRecord regex =
        annotated("nginx.ingress.kubernetes.io/use-regex", "true", "/app(/|$)(v[0-9]+/.*)");
    String command =
        new SampleRequests("127.0.0.1", 8080, 0)
            .of(List.of(regex), Map.of())
            .getFirst()
            .command();
    assertTrue(command.endsWith("/app/v0/x"), command);
  }

  private static IngressRecord annotated(String name, String value) {
    return annotated(name, value, "/");
  }

  private static IngressRecord annotated(String name, String value, String path) {
    return new IngressRecord(
        ObjectRef.ingress("default", "annotated"),
        new Age(null, 0),
        null,
        new TreeMap<>(Map.of(name, value)),
        new IngressRecord.Backend(new IngressRecord.ServiceBackend("other", null, 80), null),
        List.of(),
        List.of(
            new IngressRecord.Rule(
                "web.example.com",
                List.of(
                    new IngressRecord.Path(
                        path,
                        "Prefix",
                        new IngressRecord.Backend(
                            new IngressRecord.ServiceBackend("other", null, 80), null))))));
  }

  private static List<SampleRequests.Request> requests(
      String field, Outcome outcome, Reason reason) {
    IngressRecord web = ingress("web.example.com", "app");
    var verdict = new Verdict(web.ref(), field, outcome, reason, "", "");
    return new SampleRequests("127.0.0.1", 8080, 8443)
        .of(List.of(web), Map.of(web.ref(), List.of(verdict)));
  }

  private static String command(@Nullable String host, @Nullable String path) {
    return new SampleRequests("127.0.0.1", 8080, 8443)
        .of(List.of(ingress(host, path)), Map.of())
        .getFirst()
        .command();
  }

  private static IngressRecord ingress(@Nullable String host, @Nullable String path) {
    return new IngressRecord(
        ObjectRef.ingress("default", "web"),
        new Age(null, 0),
        null,
        new TreeMap<>(),
        null,
        List.of(new IngressRecord.Tls(List.of("tls.example.com"), "secret")),
        List.of(
            new IngressRecord.Rule(
                host, List.of(new IngressRecord.Path(path, "Prefix", WEB)))));
  }
}
