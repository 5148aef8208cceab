package io.isoline.controlplane.config;

import io.isoline.translator.Settings;
import io.isoline.translator.model.TlsOptions.Version;
import io.isoline.translator.settings.ListenerSettings;
import io.isoline.translator.settings.ListenerSettings.Place;
import io.isoline.translator.settings.ListenerSettings.Tls;
import io.isoline.translator.settings.PortService;
import io.isoline.translator.settings.PortService.Transport;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** The fields of {@link ListenerSettings}, but for the default certificate. */
final class ListenerFields {

  private static final FieldTable FIELDS = new FieldTable();

  private static final PlaceFields HTTP =
      new PlaceFields("http", "The listener for plain HTTP.", s -> s.listeners().http());
  private static final PlaceFields HTTPS =
      new PlaceFields("https", "The listener for HTTPS.", s -> s.listeners().https());

  /** The fields that both listeners have. */
  private static final class PlaceFields {
    private final Field<String> address;
    private final Field<Integer> port;
    private final Field<Integer> forwardedPort;
    private final Field<Boolean> proxyProtocol;

    PlaceFields(String name, String comment, Function<Settings, Place> place) {
      FIELDS.section(name, comment);
      address =
          FIELDS.field(
              name + ".address",
              "The IP address to listen on; 0.0.0.0 is all of them, and with ipv6 also all of"
                  + " IPv6.",
              ValueType.address(),
              s -> place.apply(s).address());
      port =
          FIELDS.field(
              name + ".port",
              "1 to 65535; 0 leaves the listener out.",
              ValueType.number(0, 65_535),
              s -> place.apply(s).port());
      forwardedPort =
          FIELDS.field(
              name + ".forwardedPort",
              "The port that backends see in X-Forwarded-Port; 0 for the listener's own.",
              ValueType.number(0, 65_535),
              s -> place.apply(s).forwardedPort());
      proxyProtocol =
          FIELDS.field(
              name + ".proxyProtocol",
              "Whether each connection begins with a PROXY header, version 1 or 2.",
              ValueType.flag(),
              s -> place.apply(s).proxyProtocol());
    }

    Place read(ConfiguredValues values) {
      return new Place(
          values.get(address),
          values.get(port),
          values.get(forwardedPort),
          values.get(proxyProtocol));
    }
  }

  static {
    FIELDS.section("tls", "TLS with clients.");
  }

  private static final Field<Version> MIN_VERSION =
      FIELDS.field(
          "tls.minVersion",
          "The lowest version that is accepted: 1.2 or 1.3.",
          ValueType.oneOf(
              Map.entry("1.2", Version.TLSv1_2), Map.entry("1.3", Version.TLSv1_3)),
          s -> s.listeners().tls().minVersion());
  private static final Field<Boolean> PASSTHROUGH =
      FIELDS.field(
          "tls.passthrough",
          "Whether an Ingress may have connections for a host of its namespace passed on to the"
              + " backend as\nthey are, by the annotation ssl-passthrough. Nobody sees requests then.",
          ValueType.flag(),
          s -> s.listeners().tls().passthrough());

  static {
    FIELDS.section(
        "ports",
        "Ports for TCP and UDP that are passed on to Services, as tcp-services and udp-services of"
            + "\ningress-nginx.");
  }

  private static final Field<List<PortService>> TCP =
      FIELDS.field(
          "ports.tcp",
          "Each as PORT=NAMESPACE/SERVICE:PORT, such as 9000=shop/db:5432. With :PROXY at the end"
              + " each\nconnection begins with a PROXY header, with ::PROXY the backend gets one,"
              + "\n:PROXY:PROXY is both.",
          ValueType.listOrNone(ValueType.portService(Transport.TCP)),
          s -> of(Transport.TCP, s));
  private static final Field<List<PortService>> UDP =
      FIELDS.field(
          "ports.udp",
          "The same without PROXY headers, such as 53=dns/resolver:53.",
          ValueType.listOrNone(ValueType.portService(Transport.UDP)),
          s -> of(Transport.UDP, s));

  private static List<PortService> of(Transport transport, Settings settings) {
    return settings.listeners().ports().stream()
        .filter(each -> each.transport() == transport)
        .toList();
  }

  private ListenerFields() {}

  static FieldTable table() {
    return FIELDS;
  }

  /**
   * Makes the {@link ListenerSettings} that a file asks for; the default certificate stays as it
   * is.
   */
  static ListenerSettings read(ConfiguredValues values) {
    Tls tls = values.base().listeners().tls();
    return new ListenerSettings(
        HTTP.read(values),
        HTTPS.read(values),
        new Tls(
            values.get(MIN_VERSION),
            values.get(PASSTHROUGH),
            tls.defaultCertificate(),
            tls.defaultPrivateKey()),
        Stream.concat(values.get(TCP).stream(), values.get(UDP).stream()).toList());
  }
}
