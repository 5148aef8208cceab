package io.isoline.translator.envoy;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.isoline.translator.model.Listener.ToHttp;
import java.util.ArrayList;
import java.util.List;

/** The HTTP filters of a connection manager. Their order is here and nowhere else. */
final class HttpFilters {

  /**
   * In the order in which a request passes them. Those before {@link ScopeLookup} see no route of the
   * host; whatever denies requests comes after it and before what acts on them.
   */
  private static final List<FilterWriter> ORDER =
      List.of(
          new AccessLogWriter(),
          new Gate(),
          new ScopeLookup(),
          AccessLogWriter.BY_ROUTE,
          new ErrorPagesFilter(),
          new RouteBodyLimit(),
          new RequestLimitFilter(),
          new ConnectionLimitFilter(),
          new ClientCertificates(),
          new AddressFilter(),
          new AccessFilter(),
          new ResponseRateFilter(),
          new CompressionFilter(),
          new BodyLimitFilter(),
          new StrictTransportSecurityFilter(),
          new SessionCookieWriter(),
          new CookieFilter(),
          new RewriteFilter(),
          new LocationFilter(),
          new RouterFilter());

  private HttpFilters() {}

  /** Those of ordinary requests. */
  static List<HttpFilter> ofRequests(ToHttp target) {
    List<HttpFilter> filters = new ArrayList<>();
    ORDER.forEach(writer -> filters.addAll(writer.inManager(target)));
    return filters;
  }

  /**
   * Those of WebSockets, which have no body to wait for or to compress; none where that makes no
   * difference, as without filters of their own they have all.
   */
  static List<HttpFilter> ofWebSockets(ToHttp target) {
    List<HttpFilter> filters = new ArrayList<>();
    for (FilterWriter writer : ORDER) {
      if (!writer.isOfBodies()) {
        filters.addAll(writer.inManager(target));
      }
    }
    return filters.size() == ofRequests(target).size() ? List.of() : filters;
  }

  static HttpFilter filter(String name, Message config) {
    return HttpFilter.newBuilder().setName(name).setTypedConfig(Packing.any(config)).build();
  }
}
