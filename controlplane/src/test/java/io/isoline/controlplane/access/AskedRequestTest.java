package io.isoline.controlplane.access;

import static io.isoline.controlplane.access.Asked.header;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AskedRequestTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "host | shop.example.com",
        "server_name | shop.example.com",
        "http_host | Shop.example.com:8443",
        "scheme | https",
        "https | on",
        "server_port | 8443",
        "request_method | PUT",
        "request_uri | /a%20b/?x=1&y=2&x=3",
        "escaped_request_uri | %2Fa%2520b%2F%3Fx%3D1%26y%3D2%26x%3D3",
        "uri | /a%20b/",
        "args | x=1&y=2&x=3",
        "is_args | ?",
        "remote_addr | 192.0.2.7",
        "remote_user | ada",
        "request_id | 77",
        "namespace | shop",
        "ingress_name | web",
        "http_x_own | 1, 2",
        "http_nothing | ''",
        "cookie_b | 2=3",
        "cookie_c | ''",
        "arg_x | 1",
        "arg_z | ''",
      })
  void value_ofAVariable_isThatOfTheRequest(String variable, String value) {
    AskedRequest request =
        Asked.request(
            "/a%20b/?x=1&y=2&x=3",
            header("authorization", "Basic YWRhOnB3"),
            header("x-own", "1"),
            header("x-own", "2"),
            header("cookie", "a=1; b=2=3"),
            header("x-request-id", "77"),
            header("x-forwarded-port", "8443"));
    assertEquals(value, request.value(variable, "shop/web"));
  }

  @Test
  void value_ofABareRequest_isEmptyOrUsual() {
    AskedRequest request = Asked.request("/", header("authorization", "Basic !"));
    assertEquals("", request.value("args", "shop/web"));
    assertEquals("", request.value("is_args", "shop/web"));
    assertEquals("", request.value("remote_user", "shop/web"));
    assertEquals("443", request.value("server_port", "shop/web"));
    assertNull(request.header("cookie"));
  }

  @Test
  void of_attributes_takesTheClientFromEnvoyAndTheBytesOfHeaders() {
    AttributeContext.Builder attributes = AttributeContext.newBuilder();
    attributes
        .getSourceBuilder()
        .getAddressBuilder()
        .getSocketAddressBuilder()
        .setAddress("10.0.0.1");
    var http = attributes.getRequestBuilder().getHttpBuilder();
    http.setMethod("GET").setHost("a.test").setPath("/x").setScheme("http");
    http.getHeaderMapBuilder()
        .addHeaders(HeaderValue.newBuilder().setKey(":path").setValue("/x"))
        .addHeaders(
            HeaderValue.newBuilder()
                .setKey("X-Bytes")
                .setRawValue(ByteString.copyFrom(new byte[] {(byte) 0xe9})))
        .addHeaders(HeaderValue.newBuilder().setKey("x-forwarded-proto").setValue("https"));
    AskedRequest direct = AskedRequest.of(attributes.build());
    assertEquals("10.0.0.1", direct.client());
    assertEquals("https", direct.scheme());
    assertEquals("\u00e9", direct.header("x-bytes"));
    assertNull(direct.header(":path"));
    http.getHeaderMapBuilder()
        .addHeaders(
            HeaderValue.newBuilder().setKey("x-envoy-external-address").setValue("192.0.2.1"));
    assertEquals("192.0.2.1", AskedRequest.of(attributes.build()).client());
  }
}
