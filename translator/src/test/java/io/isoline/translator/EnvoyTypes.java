package io.isoline.translator;

import com.github.xds.type.v3.TypedStruct;
import com.google.protobuf.StringValue;
import com.google.protobuf.TypeRegistry;
import io.envoyproxy.envoy.config.rbac.v3.Action;
import io.envoyproxy.envoy.config.route.v3.FilterConfig;
import io.envoyproxy.envoy.config.trace.v3.OpenTelemetryConfig;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StderrAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import io.envoyproxy.envoy.extensions.common.matching.v3.ExtensionWithMatcher;
import io.envoyproxy.envoy.extensions.common.matching.v3.ExtensionWithMatcherPerRoute;
import io.envoyproxy.envoy.extensions.compression.brotli.compressor.v3.Brotli;
import io.envoyproxy.envoy.extensions.compression.gzip.compressor.v3.Gzip;
import io.envoyproxy.envoy.extensions.compression.zstd.compressor.v3.Zstd;
import io.envoyproxy.envoy.extensions.filters.common.matcher.action.v3.SkipFilter;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.Buffer;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.BufferPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.composite.v3.Composite;
import io.envoyproxy.envoy.extensions.filters.http.composite.v3.ExecuteFilterAction;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.LuaPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBACPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.http.stateful_session.v3.StatefulSession;
import io.envoyproxy.envoy.extensions.filters.http.stateful_session.v3.StatefulSessionPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec;
import io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.filters.udp.udp_proxy.v3.Route;
import io.envoyproxy.envoy.extensions.filters.udp.udp_proxy.v3.UdpProxyConfig;
import io.envoyproxy.envoy.extensions.http.stateful_session.cookie.v3.CookieBasedSessionState;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.ServerNameInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.SourceIPInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.ssl.v3.SubjectInput;
import io.envoyproxy.envoy.extensions.matching.input_matchers.ip.v3.Ip;
import io.envoyproxy.envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig;
import io.envoyproxy.envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig;
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;
import io.envoyproxy.envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport;
import io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.type.matcher.v3.HttpRequestHeaderMatchInput;
import java.util.List;

/** The protos that resources hold as Any. */
final class EnvoyTypes {

  static final TypeRegistry REGISTRY =
      TypeRegistry.newBuilder()
          .add(
              List.of(
                  HttpConnectionManager.getDescriptor(),
                  TypedStruct.getDescriptor(),
                  ServerNameInput.getDescriptor(),
                  StringValue.getDescriptor(),
                  RBAC.getDescriptor(),
                  RBACPerRoute.getDescriptor(),
                  SubjectInput.getDescriptor(),
                  io.envoyproxy.envoy.extensions.filters.network.set_filter_state.v3.Config
                      .getDescriptor(),
                  HTTPFault.getDescriptor(),
                  io.envoyproxy.envoy.extensions.filters.http.header_to_metadata.v3.Config
                      .getDescriptor(),
                  Action.getDescriptor(),
                  SourceIPInput.getDescriptor(),
                  Ip.getDescriptor(),
                  LocalRateLimit.getDescriptor(),
                  Router.getDescriptor(),
                  StatefulSession.getDescriptor(),
                  StatefulSessionPerRoute.getDescriptor(),
                  CookieBasedSessionState.getDescriptor(),
                  UpstreamCodec.getDescriptor(),
                  Buffer.getDescriptor(),
                  Compressor.getDescriptor(),
                  Gzip.getDescriptor(),
                  Brotli.getDescriptor(),
                  Zstd.getDescriptor(),
                  FileAccessLog.getDescriptor(),
                  OpenTelemetryConfig.getDescriptor(),
                  UuidRequestIdConfig.getDescriptor(),
                  StdoutAccessLog.getDescriptor(),
                  StderrAccessLog.getDescriptor(),
                  PreviousHostsPredicate.getDescriptor(),
                  ExtAuthz.getDescriptor(),
                  ExtAuthzPerRoute.getDescriptor(),
                  ExtProcPerRoute.getDescriptor(),
                  ExternalProcessor.getDescriptor(),
                  HeaderMutation.getDescriptor(),
                  HeaderMutationPerRoute.getDescriptor(),
                  io.envoyproxy.envoy.extensions.filters.http.set_filter_state.v3.Config
                      .getDescriptor(),
                  Lua.getDescriptor(),
                  LuaPerRoute.getDescriptor(),
                  FilterConfig.getDescriptor(),
                  ExtensionWithMatcher.getDescriptor(),
                  ExtensionWithMatcherPerRoute.getDescriptor(),
                  Composite.getDescriptor(),
                  ExecuteFilterAction.getDescriptor(),
                  BufferPerRoute.getDescriptor(),
                  io.envoyproxy.envoy.extensions.filters.http.header_to_metadata.v3.Config
                      .getDescriptor(),
                  HttpRequestHeaderMatchInput.getDescriptor(),
                  SkipFilter.getDescriptor(),
                  io.envoyproxy.envoy.extensions.http.early_header_mutation.header_mutation.v3
                      .HeaderMutation.getDescriptor(),
                  ProxyProtocol.getDescriptor(),
                  TlsInspector.getDescriptor(),
                  TcpProxy.getDescriptor(),
                  io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC.getDescriptor(),
                  UdpProxyConfig.getDescriptor(),
                  Route.getDescriptor(),
                  ProxyProtocolUpstreamTransport.getDescriptor(),
                  RawBuffer.getDescriptor(),
                  DownstreamTlsContext.getDescriptor(),
                  UpstreamTlsContext.getDescriptor(),
                  HttpProtocolOptions.getDescriptor(),
                  CaresDnsResolverConfig.getDescriptor()))
          .build();

  private EnvoyTypes() {}
}
