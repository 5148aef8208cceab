package io.isoline.translator.envoy;

import io.isoline.translator.model.Cors;
import io.isoline.translator.model.NginxHttpsRedirect;
import io.isoline.translator.model.NotLogged;
import io.isoline.translator.model.QuestionHeaders;
import io.isoline.translator.model.RouteOption;
import io.isoline.translator.model.Traced;
import io.isoline.translator.model.WithoutTransportSecurity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The writers of the options of routes, one for each kind. */
final class RouteOptionWriters {

  private static final List<OptionWriter<?>> WRITERS =
      List.of(
          new AccessFilter(),
          new AddressFilter(),
          new ConnectionForEachWriter(),
          new ConnectionLimitFilter(),
          new CookieFilter(),
          new ErrorPagesFilter(),
          new HashByWriter(),
          new ClientCertificates(),
          new HeaderEditsWriter(),
          new LocationFilter(),
          new MirrorWriter(),
          new ReadTimeoutWriter(),
          new RetriesWriter(),
          new RouteBodyLimit(),
          new RequestLimitFilter(),
          new ResponseHeadersWriter(),
          new ResponseRateFilter(),
          new RewriteFilter(),
          new SessionCookieWriter(),
          new StandInWriter(),
          new UpstreamHostWriter());

  private static final Map<Class<?>, OptionWriter<?>> BY_KIND = byKind();

  private RouteOptionWriters() {}

  private static Map<Class<?>, OptionWriter<?>> byKind() {
    Map<Class<?>, OptionWriter<?>> byKind = new HashMap<>();
    WRITERS.forEach(writer -> byKind.put(writer.option(), writer));
    return byKind;
  }

  /**
   * Writes all options of a route but {@link Cors} and {@link NginxHttpsRedirect}, which take routes of
   * their own, and {@link NotLogged}, {@link Traced} and {@link WithoutTransportSecurity}, which are for
   * these as well.
   */
  static void write(ServedRoute route) {
    for (RouteOption option : route.model().options().all()) {
      if (!(option instanceof Cors
          || option instanceof NginxHttpsRedirect
          || option instanceof NotLogged
          || option instanceof QuestionHeaders
          || option instanceof Traced
          || option instanceof WithoutTransportSecurity)) {
        Objects.requireNonNull(
                BY_KIND.get(option.getClass()), () -> "no writer of " + option.getClass())
            .writeAny(option, route);
      }
    }
  }
}
