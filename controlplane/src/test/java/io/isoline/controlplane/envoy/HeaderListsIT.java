package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.service;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Headers that an Ingress sets and removes. */
@WithEnvoy
class HeaderListsIT {

  private static final String INGRESS =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: headers
        namespace: default
        annotations:
          isoline.io/set-request-headers: |
            X-Team: shop
            X-Percent: 100%REQ(:authority)%
          isoline.io/remove-request-headers: x-debug
          isoline.io/set-response-headers: "X-Frame-Options: DENY"
          isoline.io/remove-response-headers: X-Powered-By
      spec:
        ingressClassName: isoline
        rules:
        - host: headers.example.com
          http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: a, port: {number: 80}}}}]}
      """;

  @Test
  void headers_areSetAndRemovedAsWritten(Proxy proxy) throws Exception {
    try (Backend a = Backend.start("A")) {
      proxy.apply(INGRESS, service("a", a));
      assertEquals(List.of(), proxy.rejections());
      Response response =
          proxy.request(
              String.join(
                "\r\n",
                "GET /x?headers HTTP/1.1",
                "Host: headers.example.com",
                "X-Team: mine",
                "X-Debug: 1",
                "Connection: close",
                "",
                ""));
      assertEquals(200, response.status());
      assertEquals("DENY", response.header("x-frame-options"));
      assertEquals("", response.header("x-powered-by"));
      assertEquals("1.1 other", response.header("via"));
      Request got = response.echo();
      assertEquals("shop", got.header("x-team"));
      assertEquals("100%REQ(:authority)%", got.header("x-percent"));
      assertEquals("", got.header("x-debug"));
    }
  }
}
