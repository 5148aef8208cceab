package io.isoline.translator.annotation;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.annotation.SecretUse.Purpose;
import io.isoline.translator.kube.SecretName;
import io.isoline.translator.model.ClientCheck.Mode;
import java.util.List;
import java.util.regex.Pattern;

/** Whether clients have to show a certificate, and which ones pass. */
final class ClientCertificates implements Subject {

  private static final String NOBODY_ASKED = "clients are not asked for a certificate";

  private static final String OFF = "off";

  /** What ingress-nginx takes where nothing is written. */
  private static final int DEPTH = 1;

  static final Annotation<String> AUTH_TLS_SECRET =
      new Annotation<>(
              "auth-tls-secret",
              ValueType.text(
                  "the name of a Secret of the Ingress's own namespace, or namespace/name",
                  Pattern.compile("\\s*[-A-Za-z0-9._~/:]{1,600}\\s*")),
              NOBODY_ASKED,
              "Clients have to show a certificate of one of the authorities in `ca.crt` of this"
                  + " Secret, which is not in a list of revoked ones in its `ca.crl`, if there is one."
                  + " It holds for the hosts of the Ingress with all their paths, also those of other"
                  + " Ingresses; of several Ingresses of the host's owner the oldest that asks for it"
                  + " decides, and paths of one that asks for something else get 403. Requests without"
                  + " a certificate that passes get 400. Requests that came without TLS, or by a"
                  + " connection for another host that does not verify in the same way, get 421; plain"
                  + " HTTP is redirected first where that is asked for. Backends get"
                  + " `ssl-client-verify`, `ssl-client-subject-dn` and `ssl-client-issuer-dn`; what"
                  + " clients send by these names is dropped. While the Secret is missing, of another"
                  + " namespace or unusable, all requests for the hosts get 403.",
              "client-authorities",
              "A name without a namespace is one of the Ingress's own; ingress-nginx answers 403"
                  + " then. Plain HTTP gets 421;"
                  + " ingress-nginx serves it to everybody. Paths below"
                  + " /.well-known/acme-challenge/ of Ingresses that ask for nothing are served by"
                  + " plain HTTP. `ssl-client-verify` says FAILED without a reason. A rule without a"
                  + " host cannot ask for certificates: its paths get 403.")
          .closing();

  static final Annotation<String> AUTH_TLS_VERIFY_CLIENT =
      new Annotation<>(
              "auth-tls-verify-client",
              ValueType.text(
                  "on, off, optional or optional_no_ca",
                  Pattern.compile("\\s*(on|off|optional|optional_no_ca)\\s*")),
              "on",
              "`on` lets only clients with a certificate of the authorities pass, `optional` those"
                  + " without any as well. `optional_no_ca` lets all pass, and the backend has to look"
                  + " at `ssl-client-verify`: SUCCESS, FAILED or NONE. `off` asks for no certificate.",
              "optional",
              "")
          .within(AUTH_TLS_SECRET);

  static final Annotation<Long> AUTH_TLS_VERIFY_DEPTH =
      new Annotation<>(
              "auth-tls-verify-depth",
              ValueType.number(0, 100, ""),
              String.valueOf(DEPTH),
              "How many certificates there may be between that of a client and that of an authority.",
              "2",
              "")
          .within(AUTH_TLS_SECRET);

  static final Annotation<String> AUTH_TLS_MATCH_CN =
      new Annotation<>(
              "auth-tls-match-cn",
              SubjectExpression.TYPE,
              "the subject of a certificate may be any",
              "Requests get 403 unless the subject of the certificate has something in it that matches."
                  + " The subject is in the form of RFC 2253, as in `CN=alice,O=Org`. `CN=alice` is in"
                  + " `CN=alice2` as well; write `CN=alice(,|$)`.",
              "CN=(alice|bob)(,|$)",
              "For a class of ingress-nginx, the 403 has Strict-Transport-Security as well. Only a"
                  + " part of the syntax of expressions is taken: no counted repetitions, and nothing"
                  + " that begins with `(?`.")
          .within(AUTH_TLS_SECRET)
          .closing();

  static final Annotation<String> AUTH_TLS_ERROR_PAGE =
      new Annotation<>(
              "auth-tls-error-page",
              ValueType.text(
                  "an http:// or https:// URL without a query",
                  Pattern.compile("https?://[-A-Za-z0-9._~:/\\[\\]]{1,2000}")),
              "400 is answered",
              "Requests without a certificate that passes are redirected there by 302.",
              "https://www.example.com/certificates",
              "A path, which ingress-nginx serves to clients without a certificate, and a named"
                  + " location are refused; 400 is answered then.")
          .within(AUTH_TLS_SECRET);

  static final Annotation<Boolean> AUTH_TLS_PASS_CERTIFICATE =
      new Annotation<>(
              "auth-tls-pass-certificate-to-upstream",
              ValueType.FLAG,
              "backends do not get the certificate",
              "Backends get the certificate in `ssl-client-cert`, in PEM and encoded for a URL.",
              "true",
              "")
          .within(AUTH_TLS_SECRET);

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(
        AUTH_TLS_SECRET,
        AUTH_TLS_VERIFY_CLIENT,
        AUTH_TLS_VERIFY_DEPTH,
        AUTH_TLS_MATCH_CN,
        AUTH_TLS_ERROR_PAGE,
        AUTH_TLS_PASS_CERTIFICATE);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    String text = values.get(AUTH_TLS_SECRET);
    String verify = values.get(AUTH_TLS_VERIFY_CLIENT, "on").strip();
    if (verify.equals(OFF)) {
      values.applied(AUTH_TLS_SECRET, NOBODY_ASKED + ", as " + AUTH_TLS_VERIFY_CLIENT + " is off");
    } else if (text != null && !values.isBad(AUTH_TLS_MATCH_CN)) {
      policy.clients(read(text, verify, values, policy));
    } else if (text != null || values.isBad(AUTH_TLS_SECRET)) {
      policy.clients(ClientAuthentication.CLOSED);
    }
  }

  private static ClientAuthentication read(
      String text, String verify, Values values, Policy.Builder policy) {
    String namespace = values.ingress().namespace();
    SecretName name = SecretName.parse(text);
    ObjectRef secret = name == null ? null : name.from(namespace);
    if (secret == null) {
      values.closedHost(
          AUTH_TLS_SECRET,
          Reason.InvalidValue,
          name == null
              ? "\"" + ValueType.shown(text) + "\" can't be the name of a Secret"
              : "Secrets of other namespaces than the Ingress's are not used",
          "name a Secret of namespace " + namespace);
      return ClientAuthentication.CLOSED;
    }
    policy.add(new SecretUse(secret, Purpose.AUTHORITIES, values.field(AUTH_TLS_SECRET)));
    return new ClientAuthentication(
        secret,
        mode(verify),
        values.get(AUTH_TLS_VERIFY_DEPTH, (long) DEPTH).intValue(),
        values.get(AUTH_TLS_MATCH_CN),
        values.get(AUTH_TLS_ERROR_PAGE),
        values.get(AUTH_TLS_PASS_CERTIFICATE, false));
  }

  private static Mode mode(String verify) {
    return switch (verify) {
      case "optional" -> Mode.OPTIONAL;
      case "optional_no_ca" -> Mode.UNVERIFIED;
      default -> Mode.REQUIRED;
    };
  }
}
