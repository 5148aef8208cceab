package io.isoline.translator.annotation;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.kube.SecretName;
import io.isoline.translator.model.BackendTls;
import io.isoline.translator.model.BackendTls.Versions;
import io.isoline.translator.settings.Profile;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How TLS is spoken to backends: which certificate is shown to them, and whether theirs is verified.
 *
 * @see <a href="https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ssl_verify">nginx</a>
 */
final class BackendCertificates implements Subject {

  /** The host of the URL that ingress-nginx asks, and so the name where nothing else is written. */
  private static final String NAME_OF_NGINX = "upstream_balancer";

  private static final String BY_HOST =
      "the host of the request; for a class of ingress-nginx no name is sent";

  /**
   * What a backend is called.
   *
   * @param text null for the host of the request
   */
  record Name(@Nullable String text) {
    private static final Pattern WITH_PORT =
        Pattern.compile("([A-Za-z0-9_](?:[-A-Za-z0-9._]{0,251}[A-Za-z0-9_])?)(?::[0-9]{1,5})?");

    static Name parse(String text) {
      if (text.equals("$host") || text.equals("$http_host")) {
        return new Name(null);
      }
      if (text.contains("$")) {
        throw new IllegalArgumentException("of variables, there is only $host here");
      }
      Matcher matcher = WITH_PORT.matcher(text.substring(0, Math.min(text.length(), 300)));
      if (!matcher.matches()) {
        throw new IllegalArgumentException("it is no DNS name");
      }
      return new Name(matcher.group(1));
    }
  }

  static final Annotation<SecretName> PROXY_SSL_SECRET =
      new Annotation<>(
              "proxy-ssl-secret",
              ValueType.SECRET,
              "no certificate is shown to backends",
              "A Secret for TLS to the backends of the Ingress. The certificate in `tls.crt` and"
                  + " `tls.key` is shown to backends that ask for one. Those who may issue the"
                  + " certificate of the backend are in `ca.crt`, for `proxy-ssl-verify`. It needs one"
                  + " of the two. It counts where TLS is spoken, by `backend-protocol` or the"
                  + " `appProtocol` of the Service's port. A new content is in force at once. While"
                  + " the Secret is missing, of another namespace or unusable, requests get 503.",
              "backend-tls",
              "A name without a namespace is one of the Ingress's own. For a class of ingress-nginx"
                  + " the other annotations that begin with `proxy-ssl-` mean nothing without it, as"
                  + " there, unless one is written under `isoline.io/`; and with `ca.crt` TLS 1.2 is"
                  + " spoken. There, what an Ingress asks for counts for"
                  + " those of the host that ask for nothing, as with ingress-nginx, but only for"
                  + " those of its namespace; who asks for something gets that. It counts for gRPC,"
                  + " too.")
          .closing();

  static final Annotation<Boolean> PROXY_SSL_VERIFY =
      new Annotation<>(
              "proxy-ssl-verify",
              ValueType.oneOf(new TreeMap<>(Map.of("ON", true, "OFF", false))),
              "off",
              "With `on`, a backend gets requests only with a certificate for `proxy-ssl-name` that one"
                  + " of the authorities in `ca.crt` of `proxy-ssl-secret` issued. Where it has another"
                  + " one, requests get 503, for a class of ingress-nginx 502.",
              "off",
              "Without `proxy-ssl-name` or `proxy-ssl-secret`, requests get 503. For a class of"
                  + " ingress-nginx it is as there: without a name they get 502, as the name is"
                  + " `"
                  + NAME_OF_NGINX
                  + "`, and without a Secret nothing is verified. The common name of a certificate"
                  + " does not count. A list of revoked certificates is not looked at.")
          .closing();

  static final Annotation<Long> PROXY_SSL_VERIFY_DEPTH =
      new Annotation<>(
              "proxy-ssl-verify-depth",
              ValueType.number(0, 100, ""),
              "any number of certificates may be between that of a backend and that of an authority",
              "Nothing: Envoy limits the number for clients alone, so that chains of any length pass"
                  + " that lead to an authority.",
              "2",
              "ingress-nginx lets as many pass as it says, without it 1.")
          .within(PROXY_SSL_VERIFY);

  static final Annotation<Name> PROXY_SSL_NAME =
      new Annotation<>(
          "proxy-ssl-name",
          ValueType.parsed("a DNS name, or `$host` for the host of the request", Name::parse),
          BY_HOST,
          "What the backend is called: the name that is sent when TLS begins (SNI), and that has to be"
              + " in its certificate where `proxy-ssl-verify` is on. `$host` is the host of the"
              + " request, as the backend gets it. A port at the end is dropped.",
          "web.default.svc",
          "Other variables are refused. An address counts if the certificate has it as one.");

  static final Annotation<Boolean> PROXY_SSL_SERVER_NAME =
      new Annotation<>(
          "proxy-ssl-server-name",
          ValueType.oneOf(new TreeMap<>(Map.of("ON", true, "OFF", false))),
          "on; for a class of ingress-nginx off",
          "Whether the name of the backend is sent when TLS begins (SNI): `proxy-ssl-name`, else the"
              + " host of the request, or the name of a Service of type ExternalName.",
          "off",
          "For a class of ingress-nginx it needs `proxy-ssl-name`, as there, unless it is written under"
              + " `isoline.io/`.");

  static final Annotation<Versions> PROXY_SSL_PROTOCOLS =
      new Annotation<>(
          "proxy-ssl-protocols",
          ValueType.parsed("TLSv1.2, TLSv1.3 or both with a blank", BackendCertificates::versions),
          "both; for a class of ingress-nginx TLSv1.2 where `proxy-ssl-secret` has `ca.crt`",
          "Which versions of TLS are spoken to backends.",
          "TLSv1.2 TLSv1.3",
          "");

  static final Annotation<String> PROXY_SSL_CIPHERS =
      new Annotation<>(
          "proxy-ssl-ciphers",
          ValueType.text(
              "a list of cipher suites as OpenSSL has it",
              Pattern.compile("[-A-Za-z0-9+:_! ]{1,4000}")),
          "Envoy's own suites, which are ECDHE with AES-GCM and with ChaCha20-Poly1305",
          "The cipher suites of TLS 1.2 that are offered to backends. TLS 1.3 has its own.",
          "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256",
          "Suites that Envoy does not have, as those with DHE, are left out. A list without any that"
              + " it has is refused; ingress-nginx has no working configuration any more then.");

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(
        PROXY_SSL_SECRET,
        PROXY_SSL_VERIFY,
        PROXY_SSL_VERIFY_DEPTH,
        PROXY_SSL_NAME,
        PROXY_SSL_SERVER_NAME,
        PROXY_SSL_PROTOCOLS,
        PROXY_SSL_CIPHERS);
  }

  private static Versions versions(String text) {
    Set<String> words = Set.copyOf(List.of(text.split(" +", 20)));
    if (!Set.of("TLSv1.2", "TLSv1.3").containsAll(words)) {
      throw new IllegalArgumentException("TLSv1.2 and TLSv1.3 are spoken, and no other");
    }
    return words.size() > 1
        ? Versions.ANY
        : words.contains("TLSv1.2") ? Versions.TLS_1_2 : Versions.TLS_1_3;
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    boolean ofNginx = values.profile() == Profile.NGINX;
    ObjectRef secret = secret(values);
    if (secret == null && ofNginx && annotations().stream().noneMatch(values::isForUs)) {
      ignore(values);
      return;
    }
    boolean verified = values.get(PROXY_SSL_VERIFY, false);
    Name name = values.get(PROXY_SSL_NAME);
    if (secret != null) {
      policy.add(
          new SecretUse(secret, SecretUse.forBackends(verified), values.field(PROXY_SSL_SECRET)));
    }
    if (verified && secret == null) {
      values.closed(
          PROXY_SSL_VERIFY,
          Reason.InvalidValue,
          "nothing says who may issue the certificate of the backend",
          "name a Secret with ca.crt by " + PROXY_SSL_SECRET + ", or remove the annotation");
    } else if (verified && name == null) {
      name = withoutName(values, ofNginx);
    }
    if (verified) {
      values.differs(
          PROXY_SSL_VERIFY_DEPTH,
          "Envoy limits the length of the chain for clients alone: a longer one of an authority passes",
          "give a ca.crt of which no long chains come, or remove the annotation");
    }
    boolean announced =
        values.get(PROXY_SSL_SERVER_NAME, !ofNginx)
            && (!ofNginx || isWritten(values) || values.isForUs(PROXY_SSL_SERVER_NAME));
    if (ofNginx && values.get(PROXY_SSL_SERVER_NAME, false) && !announced) {
      values.noEffect(
          PROXY_SSL_SERVER_NAME,
          Reason.InvalidValue,
          "without " + PROXY_SSL_NAME + " there is no name to send, as with ingress-nginx",
          "write " + PROXY_SSL_NAME);
    }
    if (!announced && !verified) {
      values.applied(
          PROXY_SSL_NAME,
          "the name is neither sent nor verified: that is what "
              + PROXY_SSL_SERVER_NAME
              + " and "
              + PROXY_SSL_VERIFY
              + " are for");
      name = null;
    }
    BackendTls tls =
        new BackendTls(
            secret,
            name == null ? null : name.text(),
            announced,
            verified && secret != null,
            values.get(PROXY_SSL_PROTOCOLS, ofNginx ? Versions.OF_NGINX : Versions.ANY),
            CipherList.of(values, PROXY_SSL_CIPHERS));
    policy.backend(backend -> backend.with(backend.options().withTls(tls)));
  }

  private static boolean isWritten(Values values) {
    return values.get(PROXY_SSL_NAME) != null;
  }

  private static @Nullable ObjectRef secret(Values values) {
    SecretName name = values.get(PROXY_SSL_SECRET);
    String namespace = values.ingress().namespace();
    ObjectRef secret = name == null ? null : name.from(namespace);
    if (name != null && secret == null) {
      values.closed(
          PROXY_SSL_SECRET,
          Reason.InvalidValue,
          "Secrets of other namespaces than the Ingress's are not used",
          "name a Secret of namespace " + namespace);
    }
    return secret;
  }

  /** With ingress-nginx, nothing of it counts without a Secret. */
  private void ignore(Values values) {
    if (values.isBad(PROXY_SSL_SECRET) || values.get(PROXY_SSL_SECRET) != null) {
      return; // Nobody passes, whatever else is written.
    }
    if (values.get(PROXY_SSL_VERIFY, false)) {
      values.noEffect(
          PROXY_SSL_VERIFY,
          Reason.InvalidValue,
          "the certificate of the backend is NOT verified: without "
              + PROXY_SSL_SECRET
              + " it means nothing, as with ingress-nginx",
          "name a Secret with ca.crt by " + PROXY_SSL_SECRET);
    } else {
      values.applied(PROXY_SSL_VERIFY, "the certificate of the backend is not verified");
    }
    values.applied(PROXY_SSL_SERVER_NAME, meaningless());
    values.applied(PROXY_SSL_NAME, meaningless());
    values.applied(PROXY_SSL_PROTOCOLS, meaningless());
    values.applied(PROXY_SSL_CIPHERS, meaningless());
    values.applied(PROXY_SSL_VERIFY_DEPTH, meaningless());
  }

  private static String meaningless() {
    return "without " + PROXY_SSL_SECRET + " it means nothing, as with ingress-nginx";
  }

  /** The name to verify where none is written, which no certificate has. */
  private static Name withoutName(Values values, boolean ofNginx) {
    String fix = "write " + PROXY_SSL_NAME + ": a name that the certificate of the backend has";
    if (ofNginx) {
      values.differs(
          PROXY_SSL_VERIFY,
          "without "
              + PROXY_SSL_NAME
              + " the name that the backend has to have is "
              + NAME_OF_NGINX
              + ", as with ingress-nginx; a backend whose certificate lacks it gets no requests",
          fix);
    } else {
      values.closed(
          PROXY_SSL_VERIFY,
          Reason.InvalidValue,
          "without "
              + PROXY_SSL_NAME
              + " nothing says for which name the certificate of the backend has to be",
          fix);
    }
    return new Name(NAME_OF_NGINX);
  }
}
