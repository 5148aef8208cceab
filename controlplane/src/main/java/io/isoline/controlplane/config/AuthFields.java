package io.isoline.controlplane.config;

import io.isoline.translator.annotation.OperatorsAuth;
import io.isoline.translator.credentials.AuthUrl;
import io.isoline.translator.credentials.CacheTimes;
import io.isoline.translator.credentials.SignIn;
import io.isoline.translator.credentials.Template;
import io.isoline.translator.settings.AuthSettings;
import java.util.List;
import java.util.Optional;

/** The fields of {@link AuthSettings}. */
final class AuthFields {

  private static final FieldTable FIELDS = new FieldTable();

  static {
    FIELDS.section(
        "auth",
        "A service that is asked about each request of an Ingress, as global-auth-url of"
            + " ingress-nginx. An\nIngress with auth-url has that asked instead, and"
            + " enable-global-auth: \"false\" asks nobody.");
  }

  private static final Field<Optional<AuthUrl>> URL =
      FIELDS.field(
          "auth.url",
          "Whom, such as http://auth.login.svc.cluster.local/check; off for nobody.",
          ValueType.parsedOrOff(
              "a URL such as http://auth.example.com/check", OperatorsAuth::url, AuthUrl::text),
          s -> Optional.ofNullable(s.ingress().auth().url()));
  private static final Field<String> METHOD =
      FIELDS.field(
          "auth.method",
          "With which method; default for GET.",
          ValueType.parsed(
              "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS or default",
              OperatorsAuth::method,
              method -> method.isEmpty() ? "default" : method),
          s -> s.ingress().auth().method());
  private static final Field<Optional<Template>> SIGN_IN =
      FIELDS.field(
          "auth.signIn",
          "Where clients are sent that get 401, such as https://login.example.com/start; off for"
              + " nowhere.",
          ValueType.parsedOrOff("a URL or a path", SignIn::parse, Template::text),
          s -> Optional.ofNullable(s.ingress().auth().signIn()));
  private static final Field<String> SIGN_IN_PARAMETER =
      FIELDS.field(
          "auth.signInParameter",
          "The parameter in which that page gets the URL of the request.",
          ValueType.parsed(
              "letters, digits and - . _ ~", OperatorsAuth::parameter, parameter -> parameter),
          s -> s.ingress().auth().signInParameter());
  private static final Field<List<String>> RESPONSE_HEADERS =
      FIELDS.field(
          "auth.responseHeaders",
          "Headers of the answer that backends get: [x-auth-user, x-auth-groups].",
          ValueType.listOrNone(
              ValueType.parsed("the name of a header", OperatorsAuth::header, name -> name)),
          s -> s.ingress().auth().responseHeaders());
  private static final Field<Optional<String>> REQUEST_REDIRECT =
      FIELDS.field(
          "auth.requestRedirect",
          "X-Auth-Request-Redirect for the service; off for path and query of the request.",
          ValueType.parsedOrOff(
              "letters, digits and - . _ ~ / : , ? & =",
              OperatorsAuth::requestRedirect,
              redirect -> redirect),
          s ->
              Optional.of(s.ingress().auth().requestRedirect())
                  .filter(redirect -> !redirect.isEmpty()));
  private static final Field<Optional<Template>> CACHE_KEY =
      FIELDS.field(
          "auth.cacheKey",
          "Requests of an Ingress with the same key share an answer, such as"
              + " $http_authorization; off\nto ask about each.",
          ValueType.parsedOrOff(
              "letters, digits, - _ $ { and }, with variables of nginx",
              SignIn::cacheKey,
              Template::text),
          s -> Optional.ofNullable(s.ingress().auth().cacheKey()));
  private static final Field<String> CACHE_DURATION =
      FIELDS.field(
          "auth.cacheDuration",
          "How long an answer is kept, by status: 200 202 10m, 401 1m.",
          ValueType.parsed(
              "statuses and a time, as in 200 202 401 5m",
              AuthFields::checkedDuration,
              duration -> duration),
          s -> s.ingress().auth().cacheDuration());

  private AuthFields() {}

  private static String checkedDuration(String text) {
    CacheTimes.parse(text);
    return text;
  }

  static FieldTable table() {
    return FIELDS;
  }

  /** Makes the {@link AuthSettings} that a file asks for. */
  static AuthSettings read(ConfiguredValues values) {
    return new AuthSettings(
        values.get(URL).orElse(null),
        values.get(METHOD),
        values.get(SIGN_IN).orElse(null),
        values.get(SIGN_IN_PARAMETER),
        values.get(RESPONSE_HEADERS),
        values.get(REQUEST_REDIRECT).orElse(""),
        values.get(CACHE_KEY).orElse(null),
        values.get(CACHE_DURATION));
  }
}
