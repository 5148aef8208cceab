package io.isoline.translator.annotation;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.annotation.ValueType.Reading;
import io.isoline.translator.kube.KnownKind;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Pages for errors, and who answers where a Service has no endpoint. */
final class Errors implements Subject {

  private static final int UNAUTHORIZED = 401;
  private static final int TOO_LONG = 413;

  private static final Pattern STATUS = Pattern.compile("[45][0-9]{2}");

  private static final String STATUSES = "statuses from 400 to 599, with commas between them";

  static final Annotation<SortedSet<Integer>> CUSTOM_HTTP_ERRORS =
      new Annotation<>(
          "custom-http-errors",
          new ValueType<>(STATUSES, Errors::statuses),
          "clients get the errors of backends and of Envoy as they are",
          "Answers with one of these statuses are replaced: the Service of `default-backend`, else"
              + " the default backend of the settings, is asked for `/` with the query of the"
              + " request, and the client gets what that answers, with its status. It is told of"
              + " the error by `X-Code`, `X-Format` (what the client accepts), `X-Original-URI`,"
              + " `X-Namespace`, `X-Ingress-Name`, `X-Service-Name`, `X-Service-Port` and"
              + " `X-Request-ID`. Errors of backends are replaced, and those of Envoy: nobody"
              + " answers, the client may not pass, or it sends too much.",
          "404,503",
          "The page is always asked for by `GET`, and without the client's `Authorization`. These"
              + " stay as they are: the answer to a `HEAD`; an error that is there before all of"
              + " the body of the request, as a 413 mostly is; an error of a WebSocket; and the 401"
              + " of `auth-type: basic`, without which no browser would ask for a password. Without"
              + " a default backend nothing is replaced. The access log has a line for the"
              + " request and one for the page.");

  static final Annotation<String> DEFAULT_BACKEND =
      new Annotation<>(
          "default-backend",
          new ValueType<>(
              "the name of a Service",
              text ->
                  KnownKind.SERVICE.canBeNamed(text)
                      ? new Reading.Good<>(text)
                      : new Reading.Bad<>(
                          "\"" + ValueType.shown(text) + "\" can't be the name of a Service")),
          "requests for a Service without endpoints get 503",
          "This Service, of the namespace of the Ingress, gets the requests for a Service that has"
              + " no ready endpoint or does not exist, with `X-Code: 503` and the other headers of"
              + " `custom-http-errors` but `X-Original-URI`; and it is asked for the pages of"
              + " `custom-http-errors`. It is its first port that counts. For what no path matches"
              + " there is `spec.defaultBackend`.",
          "errors",
          "The request has one `X-Request-ID`; with ingress-nginx it has two.");

  static final Annotation<Boolean> DISABLE_PROXY_INTERCEPT_ERRORS =
      new Annotation<>(
          "disable-proxy-intercept-errors",
          ValueType.FLAG,
          "errors of backends are replaced as well",
          "`true`: pages are for the errors of Envoy alone, whether `custom-http-errors` asks for them or"
              + " the operator for all Ingresses.",
          "true",
          "");

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(CUSTOM_HTTP_ERRORS, DEFAULT_BACKEND, DISABLE_PROXY_INTERCEPT_ERRORS);
  }

  private static Reading<SortedSet<Integer>> statuses(String text) {
    SortedSet<Integer> statuses = new TreeSet<>();
    String[] entries = text.split(",", -1);
    for (int i = 0; i < entries.length; i++) {
      String entry = entries[i].strip();
      if (STATUS.matcher(entry).matches()) {
        statuses.add(Integer.parseInt(entry));
      } else if (!entry.isEmpty() || i == 0 || i + 1 < entries.length) {
        return new Reading.Bad<>("\"" + ValueType.shown(entry) + "\" is no status from 400 to 599");
      }
    }
    return new Reading.Good<>(statuses);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    SortedSet<Integer> asked = values.get(CUSTOM_HTTP_ERRORS);
    String service = values.get(DEFAULT_BACKEND);
    boolean ofBackends = !values.get(DISABLE_PROXY_INTERCEPT_ERRORS, false);
    if (asked == null && service == null && ofBackends) {
      return;
    }
    SortedSet<Integer> statuses = asked == null ? new TreeSet<>() : new TreeSet<>(asked);
    boolean unprompted =
        statuses.contains(UNAUTHORIZED) && values.get(BasicAuthentication.AUTH_TYPE) != null;
    if (unprompted) {
      statuses.remove(UNAUTHORIZED);
      values.differs(
          CUSTOM_HTTP_ERRORS,
          "answers with 401 stay as they are, as no browser would ask for a password otherwise",
          "remove 401");
    } else if (values.get(UpstreamHosts.UPSTREAM_VHOST) != null) {
      values.differs(
          CUSTOM_HTTP_ERRORS,
          "the page is asked for with the Host of upstream-vhost; of hosts that nobody names,"
              + " answers stay as they are",
          "remove upstream-vhost");
    } else if (statuses.contains(TOO_LONG)) {
      values.differs(
          CUSTOM_HTTP_ERRORS,
          "a 413 stays as it is where the body of the request is not all there yet",
          "remove 413");
    }
    if (service != null) {
      values.applied(
          DEFAULT_BACKEND,
          statuses.isEmpty()
              ? "Service " + service + " answers where a Service has no endpoint"
              : "Service "
                  + service
                  + " gives the pages, and answers where a Service has no endpoint");
    }
    ObjectRef named =
        service == null ? null : ObjectRef.service(values.ingress().namespace(), service);
    ErrorPolicy errors =
        new ErrorPolicy(
            statuses,
            asked == null ? "" : values.field(CUSTOM_HTTP_ERRORS),
            ofBackends,
            named,
            named == null ? "" : values.field(DEFAULT_BACKEND));
    policy.backend(backend -> backend.handling(errors));
  }
}
