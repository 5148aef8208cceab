package io.isoline.translator.envoy;

import com.google.protobuf.Duration;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.route.v3.RouteAction.HashPolicy;
import io.envoyproxy.envoy.extensions.filters.http.stateful_session.v3.StatefulSession;
import io.envoyproxy.envoy.extensions.filters.http.stateful_session.v3.StatefulSessionPerRoute;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.http.stateful_session.cookie.v3.CookieBasedSessionState;
import io.isoline.translator.model.Listener.ToHttp;
import io.isoline.translator.model.SessionCookie;
import java.util.List;

/**
 * Writes cookies that keep a client on an endpoint. One that is hashed is a matter of the route; for one
 * that holds the endpoint there is a filter, which does nothing where no route asks for it.
 */
final class SessionCookieWriter implements OptionWriter<SessionCookie>, FilterWriter {

  private static final String FILTER = "envoy.filters.http.stateful_session";

  @Override
  public List<HttpFilter> inManager(ToHttp target) {
    return List.of(HttpFilters.filter(FILTER, StatefulSession.getDefaultInstance()));
  }

  @Override
  public Class<SessionCookie> option() {
    return SessionCookie.class;
  }

  @Override
  public void write(SessionCookie option, ServedRoute route) {
    if (option.pinned()) {
      route.route().putTypedPerFilterConfig(FILTER, Packing.any(pinned(option)));
    } else {
      route.action().addHashPolicy(hashed(option));
    }
  }

  private static StatefulSessionPerRoute pinned(SessionCookie cookie) {
    return StatefulSessionPerRoute.newBuilder()
        .setStatefulSession(
            StatefulSession.newBuilder()
                .setSessionState(
                    TypedExtensionConfig.newBuilder()
                        .setName("envoy.http.stateful_session.cookie")
                        .setTypedConfig(
                            Packing.any(
                                CookieBasedSessionState.newBuilder()
                                    .setCookie(NewFields.cookie(cookie))
                                    .build()))))
        .build();
  }

  private static HashPolicy hashed(SessionCookie cookie) {
    // A lifetime of zero has Envoy make one and say nothing of Max-Age.
    var out =
        HashPolicy.Cookie.newBuilder().setName(cookie.name()).setTtl(Duration.getDefaultInstance());
    for (SessionCookie.Attribute attribute : cookie.attributes()) {
      out.addAttributes(
          HashPolicy.CookieAttribute.newBuilder()
              .setName(attribute.name())
              .setValue(attribute.value()));
    }
    return HashPolicy.newBuilder().setCookie(out).build();
  }
}
