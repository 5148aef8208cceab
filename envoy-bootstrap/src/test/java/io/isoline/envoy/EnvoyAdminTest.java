package io.isoline.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvoyAdminTest {
  private static EnvoyAdmin.Response parse(String text) throws IOException {
    return EnvoyAdmin.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void parse_bodyOfKnownLength_isRead() throws IOException {
    assertEquals(
        new EnvoyAdmin.Response(503, "INITIALIZING\n"),
        parse("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 13\r\n\r\nINITIALIZING\n"));
  }

  @Test
  void parse_chunkedBody_isJoinedByBytes() throws IOException {
    String head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    assertEquals(
        new EnvoyAdmin.Response(200, "größe"),
        parse(head + "4\r\ngrö\r\n3\r\nße\r\n0\r\n\r\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nLIV",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nLI",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nLIVE\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n7fffffff\r\nLIVE\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nLIVE\r\n",
        "SSH-2.0-OpenSSH\r\n\r\n"
      })
  void parse_answerThatIsNotWhole_isAnError(String text) {
    assertThrows(IOException.class, () -> parse(text));
  }

  @Test
  void get_pathThatWouldChangeTheRequest_isRefused() {
    EnvoyAdmin admin = new EnvoyAdmin(new Address.Socket("127.0.0.1", 1));
    assertThrows(IllegalArgumentException.class, () -> admin.get("/a HTTP/1.1\r\nX: y"));
  }
}
