package io.isoline.translator.envoy;

import com.github.xds.type.matcher.v3.Matcher;
import com.github.xds.type.matcher.v3.RegexMatcher;
import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.rbac.v3.Action;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.RouteMatch.TlsContextMatchOptions;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.common.set_filter_state.v3.FilterStateValue;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBACPerRoute;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.set_filter_state.v3.Config;
import io.envoyproxy.envoy.extensions.matching.common_inputs.ssl.v3.SubjectInput;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext.TrustChainVerification;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext.CombinedCertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.type.matcher.v3.FilterStateMatcher;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import io.isoline.translator.model.Authorities;
import io.isoline.translator.model.ClientCheck;
import io.isoline.translator.model.ClientVerification;
import io.isoline.translator.model.Listener.ToHttp;
import io.isoline.translator.model.OpenByPlainHttp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes how certificates of clients are asked for, and what becomes of requests.
 *
 * <p>A handshake never fails for a certificate, so that a client learns why it is not let in. The
 * chain marks its connections with how it verifies, and each route of a host that asks for
 * certificates takes only requests with that mark, and with a certificate that it lets pass. So a
 * request that came another way, by plain HTTP or by a connection for another host, finds nothing but
 * the answer 421, and so it is for connections that are older than the chain.
 */
final class ClientCertificates implements FilterWriter, OptionWriter<OpenByPlainHttp> {

  /** The HTTP filter that compares the subject, and a mark in the metadata of routes. */
  private static final String NAME = "isoline.client-certificates";

  /** What a connection is marked with. */
  private static final String MARK = "isoline.client-verification";

  private static final String CERTIFICATE = "ssl-client-cert";
  private static final String VERIFY = "ssl-client-verify";
  private static final String SUBJECT = "ssl-client-subject-dn";
  private static final String ISSUER = "ssl-client-issuer-dn";

  // Chains.

  /** The network filter that marks the connections of a chain. */
  static Filter mark(ClientVerification verification) {
    return Filter.newBuilder()
        .setName(MARK)
        .setTypedConfig(
            Packing.any(
                Config.newBuilder()
                    .addOnNewConnection(
                        FilterStateValue.newBuilder()
                            .setObjectKey(MARK)
                            .setFactoryKey("envoy.string")
                            .setFormatString(
                                SubstitutionFormatString.newBuilder()
                                    .setTextFormatSource(
                                        DataSource.newBuilder()
                                            .setInlineString(
                                                verification.id().replace("%", "%%")))))
                    .build()))
        .build();
  }

  /** Has a chain ask for certificates, and say of each what came of it. */
  static void ask(
      ClientVerification verification,
      CommonTlsContext.Builder common,
      DownstreamTlsContext.Builder context) {
    common.setCombinedValidationContext(
        CombinedCertificateValidationContext.newBuilder()
            .setDefaultValidationContext(
                CertificateValidationContext.newBuilder()
                    .setTrustChainVerification(TrustChainVerification.ACCEPT_UNTRUSTED)
                    // Envoy counts the one of the authority as well.
                    .setMaxVerifyDepth(UInt32Value.of(verification.depth() + 1)))
            .setValidationContextSdsSecretConfig(
                SdsSecretConfig.newBuilder()
                    .setName(verification.authorities())
                    .setSdsConfig(Names.FROM_ADS)));
    // What came of a certificate is not remembered with a session.
    context.setDisableStatelessSessionResumption(true).setDisableStatefulSessionResumption(true);
  }

  /** The resource that chains have the authorities from. */
  static Resource secret(String name, Authorities authorities) {
    CertificateValidationContext.Builder context = CertificateValidationContext.newBuilder();
    if (!authorities.certificates().isEmpty()) {
      context.setTrustedCa(DataSource.newBuilder().setInlineBytes(authorities.certificates()));
    }
    if (!authorities.revocations().isEmpty()) {
      context.setCrl(DataSource.newBuilder().setInlineBytes(authorities.revocations()));
    }
    return Packing.resource(
        ResourceType.SECRET,
        name,
        Secret.newBuilder().setName(name).setValidationContext(context).build());
  }

  // Requests.

  /** Compares the subject where a host says so. */
  @Override
  public List<HttpFilter> inManager(ToHttp target) {
    return List.of(
        HttpFilters.filter(
            NAME,
            io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC.getDefaultInstance()));
  }

  @Override
  public Class<OpenByPlainHttp> option() {
    return OpenByPlainHttp.class;
  }

  /** Notes it for {@link #guard}. */
  @Override
  public void write(OpenByPlainHttp option, ServedRoute route) {
    route
        .route()
        .getMetadataBuilder()
        .putFilterMetadata(NAME, com.google.protobuf.Struct.getDefaultInstance());
  }

  /** Has the routes of a host, as they are by now, let pass whom it lets pass. */
  static void guard(VirtualHost.Builder host, ClientCheck check) {
    List<Route> routes = List.copyOf(host.getRoutesList());
    host.clearRoutes();
    // Who is not let in is told nothing for a year.
    Any transport = StrictTransportSecurityFilter.take(host);
    switch (check.mode()) {
      case REQUIRED -> {
        host.addRoutes(refused(check, "no-client-certificate", tls(false, null)));
        host.addRoutes(refused(check, "bad-client-certificate", tls(true, false)));
      }
      case OPTIONAL -> host.addRoutes(refused(check, "bad-client-certificate", tls(true, false)));
      case UNVERIFIED -> {}
    }
    for (Route route : routes) {
      guard(host, route, check, transport);
    }
    host.addRoutes(
        Route.newBuilder()
            .setName("misdirected")
            .setMatch(Gate.all())
            .setDirectResponse(
                LocalReplies.answer(
                    421, "this host asks for a certificate, by a connection of its own")));
  }

  private static void guard(
      VirtualHost.Builder host, Route unguarded, ClientCheck check, @Nullable Any transport) {
    Route.Builder with = unguarded.toBuilder();
    StrictTransportSecurityFilter.give(with, transport);
    Route route = with.build();
    if (ErrorPagesFilter.isPage(route)) {
      host.addRoutes(route); // Nobody comes to it but from another route.
      return;
    }
    if (route.hasRedirect() && route.getRedirect().getHttpsRedirect()) {
      host.addRoutes(unguarded); // It is for plain HTTP alone.
      return;
    }
    if (route.getMetadata().containsFilterMetadata(NAME)) {
      host.addRoutes(
          without(route).toBuilder()
              .setMatch(
                  route.getMatch().toBuilder()
                      .addHeaders(
                          HeaderMatcher.newBuilder()
                              .setName("x-forwarded-proto")
                              .setStringMatch(RouteWriter.exact("http")))));
    }
    host.addRoutes(passing(route, check, tls(true, true), "SUCCESS"));
    if (check.mode() != ClientCheck.Mode.REQUIRED) {
      host.addRoutes(passing(route, check, tls(false, null), "NONE"));
    }
    if (check.mode() == ClientCheck.Mode.UNVERIFIED) {
      host.addRoutes(passing(route, check, tls(true, false), "FAILED"));
    }
  }

  private static TlsContextMatchOptions tls(boolean presented, @Nullable Boolean validated) {
    TlsContextMatchOptions.Builder tls =
        TlsContextMatchOptions.newBuilder().setPresented(BoolValue.of(presented));
    if (validated != null) {
      tls.setValidated(BoolValue.of(validated));
    }
    return tls.build();
  }

  private static RouteMatch.Builder marked(
      RouteMatch.Builder match, ClientCheck check, TlsContextMatchOptions tls) {
    return match
        .setTlsContext(tls)
        .addFilterState(
            FilterStateMatcher.newBuilder()
                .setKey(MARK)
                .setStringMatch(
                    io.envoyproxy.envoy.type.matcher.v3.StringMatcher.newBuilder()
                        .setExact(check.verification().id())));
  }

  private static Route refused(ClientCheck check, String name, TlsContextMatchOptions tls) {
    Route.Builder route = Route.newBuilder().setName(name).setMatch(marked(Gate.all(), check, tls));
    if (check.errorPage() == null) {
      return route
          .setDirectResponse(
              LocalReplies.answer(
                  400,
                  tls.getPresented().getValue()
                      ? "the certificate of the client is not one that is let in"
                      : "the client sent no certificate"))
          .build();
    }
    return route
        .setDirectResponse(
            io.envoyproxy.envoy.config.route.v3.DirectResponseAction.newBuilder().setStatus(302))
        .addResponseHeadersToAdd(
            RouteWriter.literal("location", check.errorPage()))
        .build();
  }

  /** The route for requests with such a certificate. */
  private static Route passing(
      Route route, ClientCheck check, TlsContextMatchOptions tls, String verify) {
    Route.Builder passing =
        without(route).toBuilder()
            .setMatch(marked(route.getMatch().toBuilder(), check, tls))
            .addRequestHeadersToAdd(set(VERIFY, verify));
    if (check.subject() != null) {
      passing.putTypedPerFilterConfig(NAME, Packing.any(subject(check.subject())));
    }
    if (tls.getPresented().getValue()) {
      passing
          .addRequestHeadersToAdd(set(SUBJECT, "%DOWNSTREAM_PEER_SUBJECT%"))
          .addRequestHeadersToAdd(set(ISSUER, "%DOWNSTREAM_PEER_ISSUER%"));
      if (check.passes()) {
        passing.addRequestHeadersToAdd(set(CERTIFICATE, "%DOWNSTREAM_PEER_CERT%"));
      }
    }
    return passing.build();
  }

  /** The route without what a client says of its certificate. */
  private static Route without(Route route) {
    return route.toBuilder()
        .addAllRequestHeadersToRemove(List.of(CERTIFICATE, VERIFY, SUBJECT, ISSUER))
        .build();
  }

  private static io.envoyproxy.envoy.config.core.v3.HeaderValueOption set(
      String name, String value) {
    return RouteWriter.header(name, value, HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD);
  }

  /** Lets a certificate with such a subject pass, and answers 403 to others. */
  private static RBACPerRoute subject(String expression) {
    Matcher.Builder matcher = Matcher.newBuilder().setOnNoMatch(action(RBAC.Action.DENY));
    matcher
        .getMatcherListBuilder()
        .addMatchers(
            Matcher.MatcherList.FieldMatcher.newBuilder()
                .setPredicate(
                    Matcher.MatcherList.Predicate.newBuilder()
                        .setSinglePredicate(
                            Matcher.MatcherList.Predicate.SinglePredicate.newBuilder()
                                .setInput(
                                    Packing.extension(
                                        "subject", SubjectInput.getDefaultInstance()))
                                .setValueMatch(
                                    com.github.xds.type.matcher.v3.StringMatcher.newBuilder()
                                        .setSafeRegex(
                                            RegexMatcher.newBuilder()
                                                .setGoogleRe2(
                                                    RegexMatcher.GoogleRE2.getDefaultInstance())
                                                .setRegex(expression)))))
                .setOnMatch(action(RBAC.Action.ALLOW)));
    return RBACPerRoute.newBuilder()
        .setRbac(
            io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC.newBuilder()
                .setMatcher(matcher))
        .build();
  }

  private static Matcher.OnMatch action(RBAC.Action action) {
    return Matcher.OnMatch.newBuilder()
        .setAction(
            Packing.extension(
                "action", Action.newBuilder().setName(action.name()).setAction(action).build()))
        .build();
  }
}
