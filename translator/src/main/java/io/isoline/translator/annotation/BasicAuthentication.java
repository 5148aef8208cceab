package io.isoline.translator.annotation;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.annotation.SecretUse.Purpose;
import io.isoline.translator.kube.SecretName;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Who gets in by a user and a password. */
final class BasicAuthentication implements Subject {

  private static final String BASIC = "basic";
  private static final String DIGEST = "digest";

  static final Annotation<String> AUTH_TYPE =
      new Annotation<>(
          "auth-type",
          ValueType.word(new TreeMap<>(Map.of(BASIC, BASIC, DIGEST, DIGEST))),
          "nobody is asked for a password",
          "`basic` asks for a user and a password of the list that `auth-secret` names: who sends"
              + " none, or others, gets 401. The backend does not get the header `Authorization`."
              + " See [basic authentication](ingress.md#basic-authentication).",
          BASIC,
          "`digest` is refused: requests get 503. With ingress-nginx it lets everybody in without"
              + " `auth-realm`. A word that only has `basic` in it is refused as well.")
          .closing();

  static final Annotation<SecretName> AUTH_SECRET =
      new Annotation<>(
          "auth-secret",
          ValueType.SECRET,
          "there are no users",
          "The Secret with the users and the hashes of their passwords: bcrypt, `apr1`, `{SHA}`,"
              + " `{SSHA}`, `$1$`, `$5$`, `$6$` and DES, as `htpasswd` makes them. It is of the"
              + " Ingress's own namespace. While it is missing, or holds no list, requests get 503.",
          "users",
          "Hashes are refused that take more than some seconds to compute, and lists of more than"
              + " 64 KiB.")
          .within(AUTH_TYPE)
          .closing();

  static final Annotation<Purpose> AUTH_SECRET_TYPE =
      new Annotation<>(
          "auth-secret-type",
          ValueType.word(
              new TreeMap<>(
                  Map.of("auth-file", Purpose.USER_FILE, "auth-map", Purpose.USER_MAP))),
          "auth-file",
          "Where the Secret has the users: `auth-file` has a file of `htpasswd` under the key"
              + " `auth`, of `auth-map` each key is a user and its value the hash.",
          "auth-map",
          "")
          .within(AUTH_TYPE)
          .closing();

  static final Annotation<String> AUTH_REALM =
      new Annotation<>(
          "auth-realm",
          ValueType.text(
              "letters, digits, blanks and - . _ ~ / :",
              Pattern.compile("[-A-Za-z0-9._~/: ]{1,500}")),
          "the empty text",
          "What clients are told that the password is for, in the header `WWW-Authenticate`.",
          "Staff only",
          "")
          .within(AUTH_TYPE)
          .closing();

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(AUTH_TYPE, AUTH_SECRET, AUTH_SECRET_TYPE, AUTH_REALM);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    String type = values.get(AUTH_TYPE);
    if (type == null) {
      if (!values.isBad(AUTH_TYPE)) {
        values.noEffect(
            AUTH_SECRET,
            Reason.InvalidValue,
            "without auth-type nobody is asked for a password",
            "add auth-type: basic");
      }
      return;
    }
    if (type.equals(DIGEST)) {
      values.closed(
          AUTH_TYPE,
          Reason.Unsupported,
          "Isoline has no digest authentication",
          "write basic, with a Secret of htpasswd, and redirect plain HTTP to HTTPS");
      return;
    }
    SecretName name = values.get(AUTH_SECRET);
    if (name == null) {
      if (!values.isBad(AUTH_SECRET)) {
        values.closed(
            AUTH_TYPE,
            Reason.InvalidValue,
            "auth-secret is missing",
            "name a Secret with them in auth-secret");
      }
      return;
    }
    ObjectRef secret = name.from(values.ingress().namespace());
    if (secret == null) {
      values.closed(
          AUTH_SECRET,
          Reason.InvalidValue,
          "Secrets of other namespaces than the Ingress's are not used",
          "name a Secret of namespace " + values.ingress().namespace());
      return;
    }
    SecretUse users =
        new SecretUse(
            secret,
            values.get(AUTH_SECRET_TYPE, Purpose.USER_FILE),
            values.field(AUTH_SECRET));
    policy.users(users, values.get(AUTH_REALM, ""));
  }
}
