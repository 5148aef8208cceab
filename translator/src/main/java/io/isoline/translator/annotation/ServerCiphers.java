package io.isoline.translator.annotation;

import java.util.List;
import java.util.regex.Pattern;

/** With which cipher suites TLS is spoken to clients. */
final class ServerCiphers implements Subject {

  private static final String OLDEST =
      " It holds for the hosts of the Ingress; of several Ingresses of the host's owner the oldest"
          + " that has it decides.";

  static final Annotation<String> SSL_CIPHERS =
      new Annotation<>(
          "ssl-ciphers",
          ValueType.text(
              "a list of cipher suites as OpenSSL has it",
              Pattern.compile("[-A-Za-z0-9+:_! ]{1,4000}")),
          "Envoy's own suites, which are ECDHE with AES-GCM and with ChaCha20-Poly1305",
          "The cipher suites of TLS 1.2, in order of preference. TLS 1.3 has its own." + OLDEST,
          "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256",
          "Suites that Envoy does not have, as those with DHE, are left out. A list without any that"
              + " it has is refused; ingress-nginx has no working configuration any more then.");

  static final Annotation<Boolean> SSL_PREFER_SERVER_CIPHERS =
      new Annotation<>(
          "ssl-prefer-server-ciphers",
          ValueType.FLAG,
          "true",
          "Whether the order of the suites of TLS 1.2 is that of `ssl-ciphers`, or that of the client."
              + OLDEST,
          "false",
          "");

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(SSL_CIPHERS, SSL_PREFER_SERVER_CIPHERS);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    Boolean serverChooses = values.get(SSL_PREFER_SERVER_CIPHERS);
    if (serverChooses != null) {
      policy.clientsChoose(!serverChooses);
    }
    List<String> suites = CipherList.of(values, SSL_CIPHERS);
    if (!suites.isEmpty()) {
      policy.ciphers(suites);
    }
  }
}
