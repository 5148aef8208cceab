package io.isoline.translator.annotation;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.annotation.ValueType.Entries;
import io.isoline.translator.annotation.ValueType.Reading;
import io.isoline.translator.backend.EndpointAddresses;
import io.isoline.translator.credentials.AuthUrl;
import io.isoline.translator.credentials.CacheTimes;
import io.isoline.translator.credentials.ExternalCheck;
import io.isoline.translator.credentials.ExternalCheck.CacheTime;
import io.isoline.translator.credentials.SignIn;
import io.isoline.translator.credentials.Template;
import io.isoline.translator.kube.References;
import io.isoline.translator.text.Blanks;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Who gets in by the word of an authentication service. */
final class ExternalAuthentication implements Subject {

  static final Annotation<AuthUrl> AUTH_URL =
      new Annotation<>(
              "auth-url",
              ValueType.parsed(
                  "a URL such as http://auth.default.svc.cluster.local/check, of letters, digits"
                      + " and - . _ ~ / : , ? & = + $",
                  AuthUrl::parse),
              "no service is asked",
              "Each request is shown to this service first, without its body: with a status of 2xx"
                  + " it goes on, with 401 or 403 the client gets that, and 500 with any other or"
                  + " with none. See [external authentication](ingress.md#external-authentication).",
              "http://auth.default.svc.cluster.local/check",
              "The time of `proxy-read-timeout` is also that of the service. The service must not be"
                  + " this machine, nor have an address of a single link, where"
                  + " clouds have their metadata. The certificate of a public name is verified.")
          .closing();

  static final Annotation<String> AUTH_METHOD =
      within(
              "auth-method",
              ValueType.word(
                  words("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")),
              "GET",
              "The method of the question, whatever that of the request is. With it the service"
                  + " also gets `X-Original-URI` and `X-Scheme`.",
              "POST",
              "`CONNECT` and `TRACE` are refused.")
          .closing();

  static final Annotation<Template> AUTH_SIGNIN =
      within(
          "auth-signin",
          ValueType.parsed(
              "a URL of letters, digits and - . _ ~ / : , ? & = + $, with variables of nginx",
              SignIn::parse),
          "clients get the 401",
          "Where clients are sent (302) that get 401 from the service. The URL gets a parameter `rd`"
              + " with the URL of the request, unless it has one.",
          "https://login.example.com/start",
          "For a class of ingress-nginx, the redirect over HTTPS has Strict-Transport-Security.");

  static final Annotation<String> AUTH_SIGNIN_REDIRECT_PARAM =
      within(
          "auth-signin-redirect-param",
          ValueType.text(
              "letters, digits and - . _ ~", Pattern.compile("[-A-Za-z0-9._~]{1,100}")),
          SignIn.PARAMETER,
          "The name of that parameter.",
          "next",
          "");

  static final Annotation<Entries> AUTH_RESPONSE_HEADERS =
      within(
              "auth-response-headers",
              ValueType.list(
                  "a list of names of headers", Pattern.compile("[-A-Za-z0-9_]{1,200}")),
              "the backend gets none",
              "Headers of the service's answer that the backend gets. One that the service does not"
                  + " send is taken from the request, so that no client can make it up.",
              "X-Auth-User, X-Auth-Groups",
              "")
          .closing();

  static final Annotation<String> AUTH_PROXY_SET_HEADERS =
      within(
              "auth-proxy-set-headers",
              ValueType.text(
                  "the name of a ConfigMap of the same namespace, as NAME or NAMESPACE/NAME",
                  Pattern.compile("[-A-Za-z0-9._~/:]{1,400}")),
              "the service gets the headers of the request",
              "A ConfigMap with headers that the service gets, each key with its value, in which"
                  + " there may be variables of nginx. While it is missing, or an entry of it cannot"
                  + " be used, requests get 503.",
              "default/auth-headers",
              "The namespace may be left out; ingress-nginx answers 503 then. For a value that breaks"
                  + " the rule, ingress-nginx asks the service without these headers.")
          .closing();

  static final Annotation<String> AUTH_REQUEST_REDIRECT =
      within(
          "auth-request-redirect",
          ValueType.text(
              "letters, digits and - . _ ~ / : , ? & =",
              Pattern.compile("[-A-Za-z0-9._~/:,?&=]{1,2000}")),
          "path and query of the request",
          "The header `X-Auth-Request-Redirect` that the service gets.",
          "/home",
          "The service is asked in any case; for a value that breaks the rule, ingress-nginx asks"
              + " nobody.");

  static final Annotation<Template> AUTH_CACHE_KEY =
      within(
          "auth-cache-key",
          ValueType.parsed(
              "letters, digits, - _ $ { and }, with variables of nginx",
              SignIn::cacheKey),
          "each request is asked about",
          "Requests with the same key share an answer of the service, for as long as"
              + " `auth-cache-duration` says. An answer with `Set-Cookie`, or that says itself that"
              + " it must not be kept, is not shared.",
          "$remote_user$http_authorization",
          "Answers are shared within an Ingress, and each Envoy keeps its own.");

  static final Annotation<List<CacheTime>> AUTH_CACHE_DURATION =
      within(
          "auth-cache-duration",
          ValueType.parsed("statuses and a time, as in 200 202 401 5m", CacheTimes::parse),
          CacheTimes.DEFAULT,
          "How long answers are kept, by status; several such lists stand with commas between them.",
          "200 202 10m, 401 1m",
          "A value that breaks the rule is refused and no answer is kept; ingress-nginx asks nobody"
              + " then.");

  static final Annotation<Boolean> AUTH_ALWAYS_SET_COOKIE =
      within(
          "auth-always-set-cookie",
          ValueType.FLAG,
          "the same",
          "Cookies that the service sets go to the client with each answer of the backend.",
          "true",
          "`false` is the same: cookies of the service are set with errors, too. Several cookies are"
              + " several headers, where ingress-nginx makes one of them that browsers cannot read.");

  private static final String KEPT = "connections to the service are kept in any case";

  static final Annotation<Long> AUTH_KEEPALIVE =
      kept("auth-keepalive", "How many connections to the service are kept.", "4");

  static final Annotation<Long> AUTH_KEEPALIVE_REQUESTS =
      kept("auth-keepalive-requests", "How many questions a connection is used for.", "1000");

  static final Annotation<Long> AUTH_KEEPALIVE_TIMEOUT =
      kept("auth-keepalive-timeout", "For how many seconds a connection is kept.", "60");

  static final Annotation<Boolean> AUTH_KEEPALIVE_SHARE_VARS =
      within(
          "auth-keepalive-share-vars",
          ValueType.FLAG,
          "false",
          "Means nothing here: no variable of nginx is shared.",
          "false",
          "It means nothing.");

  static final Annotation<String> AUTH_SNIPPET =
      within(
              "auth-snippet",
              ValueType.text("lines of nginx's configuration", Pattern.compile("(?s).*")),
              "the service is asked as the other annotations say",
              "Lines of nginx's configuration for the question. Isoline runs none of them, so nobody"
                  + " passes. Lines that are empty or begin with `#` ask for nothing.",
              "# nothing",
              "ingress-nginx drops the whole Ingress, unless the operator allows snippets.")
          .closing();

  static final Annotation<Boolean> ENABLE_GLOBAL_AUTH =
      new Annotation<>(
          "enable-global-auth",
          ValueType.FLAG,
          "a service that the operator set for all Ingresses is asked",
          "`false`: the service that the operator set by `auth.url` for all Ingresses is not asked about"
              + " requests for the paths of this one. Where `auth-url` names a service, that is asked"
              + " instead in any case.",
          "false",
          "");

  private static <T> Annotation<T> within(
      String key,
      ValueType<T> type,
      String byDefault,
      String meaning,
      String example,
      String difference) {
    return new Annotation<>(key, type, byDefault, meaning, example, difference).within(AUTH_URL);
  }

  private static Annotation<Long> kept(String key, String meaning, String example) {
    return within(
        key,
        ValueType.number(0, Integer.MAX_VALUE, ""),
        KEPT,
        meaning + " Isoline keeps some, and asks on these, whatever the value is.",
        example,
        "It means nothing.");
  }

  private static Map<String, String> words(String... words) {
    Map<String, String> map = new TreeMap<>();
    for (String word : words) {
      map.put(word, word);
    }
    return map;
  }

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(
        AUTH_URL,
        AUTH_METHOD,
        AUTH_SIGNIN,
        AUTH_SIGNIN_REDIRECT_PARAM,
        AUTH_RESPONSE_HEADERS,
        AUTH_PROXY_SET_HEADERS,
        AUTH_REQUEST_REDIRECT,
        AUTH_CACHE_KEY,
        AUTH_CACHE_DURATION,
        AUTH_ALWAYS_SET_COOKIE,
        AUTH_KEEPALIVE,
        AUTH_KEEPALIVE_REQUESTS,
        AUTH_KEEPALIVE_TIMEOUT,
        AUTH_KEEPALIVE_SHARE_VARS,
        AUTH_SNIPPET,
        ENABLE_GLOBAL_AUTH);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    if (values.get(ENABLE_GLOBAL_AUTH, true)) {
      values.applied(
          ENABLE_GLOBAL_AUTH, "a service that the operator set for all Ingresses is asked");
    } else {
      policy.exempt();
      values.applied(
          ENABLE_GLOBAL_AUTH, "a service that the operator set for all Ingresses is not asked");
    }
    AuthUrl url = values.get(AUTH_URL);
    if (url == null) {
      return;
    }
    judgeHost(url, values);
    for (Annotation<?> kept :
        List.of(AUTH_KEEPALIVE, AUTH_KEEPALIVE_REQUESTS, AUTH_KEEPALIVE_TIMEOUT)) {
      values.applied(kept, KEPT);
    }
    values.applied(AUTH_KEEPALIVE_SHARE_VARS, "no variable is shared, and none is needed");
    if (Boolean.FALSE.equals(values.get(AUTH_ALWAYS_SET_COOKIE))) {
      values.differs(
          AUTH_ALWAYS_SET_COOKIE,
          "cookies of the service are set with errors of the backend, too",
          "remove it");
    }
    judgeSnippet(values);
    setHeaders(values, policy);
    policy.external(
        new ExternalCheck(
            values.ingress().path(),
            url,
            values.get(AUTH_METHOD, ""),
            values.get(AUTH_REQUEST_REDIRECT, ""),
            List.of(),
            responseHeaders(values),
            signIn(values),
            values.isBad(AUTH_CACHE_DURATION) ? null : values.get(AUTH_CACHE_KEY),
            values.get(AUTH_CACHE_DURATION, CacheTimes.parse(CacheTimes.DEFAULT))),
        values.field(AUTH_URL));
  }

  private static void judgeHost(AuthUrl url, Values values) {
    String host = url.host();
    if (host == null) {
      return;
    }
    String name = host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
    String objection =
        EndpointAddresses.isAddress(name) ? EndpointAddresses.objection(name, true) : null;
    if (objection != null) {
      values.closed(
          AUTH_URL,
          Reason.InvalidValue,
          "the service " + host + " is not asked: " + objection,
          "name the Service, as in http://NAME.NAMESPACE.svc.cluster.local/");
    } else if (name.equals("localhost")
        || name.endsWith(".localhost")
        || (EndpointAddresses.isAddress(name)
            && EndpointAddresses.objection(name, false) != null)) {
      values.differs(
          AUTH_URL,
          host
              + " is the machine of Envoy, and requests get 500, unless the settings have"
              + " `allowLoopbackEndpoints`",
          "name the Service, as in http://NAME.NAMESPACE.svc.cluster.local/");
    }
  }

  private static void judgeSnippet(Values values) {
    String snippet = values.get(AUTH_SNIPPET);
    if (snippet == null) {
      return;
    }
    if (snippet.lines().map(String::strip).anyMatch(l -> !l.isEmpty() && !l.startsWith("#"))) {
      values.closed(
          AUTH_SNIPPET,
          Reason.Unsupported,
          "nothing of a snippet is run",
          "put headers for the service into a ConfigMap, and name it in auth-proxy-set-headers");
    } else {
      values.applied(AUTH_SNIPPET, "it has no directive");
    }
  }

  private static void setHeaders(Values values, Policy.Builder policy) {
    String value = values.get(AUTH_PROXY_SET_HEADERS);
    if (value == null) {
      return;
    }
    ObjectRef map = References.configMap(values.ingress().namespace(), value);
    if (map == null) {
      values.closed(
          AUTH_PROXY_SET_HEADERS,
          Reason.InvalidValue,
          "\""
              + ValueType.shown(value)
              + "\" is no ConfigMap of namespace "
              + values.ingress().namespace(),
          "write " + AUTH_PROXY_SET_HEADERS.type().syntax());
    } else {
      policy.add(new QuestionHeadersOfConfigMap(map, values.field(AUTH_PROXY_SET_HEADERS)));
    }
  }

  private static List<String> responseHeaders(Values values) {
    Entries names = values.get(AUTH_RESPONSE_HEADERS);
    if (names == null) {
      return List.of();
    }
    String fault =
        names.bad().isEmpty()
            ? names.good().stream()
                .map(HeaderNames::fault)
                .filter(each -> each != null)
                .findFirst()
                .orElse(null)
            : "\"" + ValueType.shown(names.bad().getFirst()) + "\" is not the name of a header";
    if (fault != null) {
      values.closed(
          AUTH_RESPONSE_HEADERS,
          Reason.InvalidValue,
          fault,
          "write " + AUTH_RESPONSE_HEADERS.type().syntax());
      return List.of();
    }
    return names.good().stream().map(name -> name.toLowerCase(Locale.ROOT)).distinct().toList();
  }

  private static @Nullable Template signIn(Values values) {
    Template page = values.get(AUTH_SIGNIN);
    if (page == null) {
      return null;
    }
    return SignIn.page(page, values.get(AUTH_SIGNIN_REDIRECT_PARAM, SignIn.PARAMETER));
  }
}
