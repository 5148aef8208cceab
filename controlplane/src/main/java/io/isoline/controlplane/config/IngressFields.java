package io.isoline.controlplane.config;

import io.isoline.translator.settings.ErrorSettings;
import io.isoline.translator.settings.IngressSettings;
import io.isoline.translator.settings.IngressSettings.Classes;
import io.isoline.translator.settings.IngressSettings.DefaultBackend;
import io.isoline.translator.settings.IngressSettings.HostGrant;
import io.isoline.translator.settings.IngressSettings.Tenancy;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of {@link IngressSettings}. */
final class IngressFields {

  private static final FieldTable FIELDS = new FieldTable();

  static {
    FIELDS.section("ingressClass", "Which Ingresses are served.");
  }

  private static final Field<List<String>> NAMES =
      FIELDS.field(
          "ingressClass.names",
          "Class names that are served even without an IngressClass object.",
          ValueType.listOf(ValueType.dnsName()),
          s -> s.ingress().classes().names());
  private static final Field<String> CONTROLLER =
      FIELDS.field(
          "ingressClass.controller",
          "spec.controller of the IngressClasses that are served.",
          ValueType.controller(),
          s -> s.ingress().classes().controller());
  private static final Field<Boolean> WITHOUT_CLASS =
      FIELDS.field(
          "ingressClass.withoutClass",
          "Whether Ingresses that name no class are served although no IngressClass is the"
              + " default.",
          ValueType.flag(),
          s -> s.ingress().classes().withoutClass());
  private static final Field<List<String>> NGINX_NAMES =
      FIELDS.field(
          "ingressClass.nginxNames",
          "Classes whose Ingresses are served as ingress-nginx serves them: its defaults, and its"
              + " rules for\npaths and hosts. Those whose controller is k8s.io/ingress-nginx are in"
              + " any case.",
          ValueType.listOrNone(ValueType.dnsName()),
          s -> s.ingress().classes().nginxNames());

  static {
    FIELDS.section("tenancy", "Which namespaces may have which hosts.");
  }

  private static final Field<Tenancy.Hosts> HOSTS_OF_OTHERS =
      FIELDS.field(
          "tenancy.hosts",
          "What other namespaces may do with a host that belongs to one: shared lets them add paths"
              + "\nto it, owned lets them do nothing.",
          ValueType.oneOf(
              Map.entry("shared", Tenancy.Hosts.SHARED), Map.entry("owned", Tenancy.Hosts.OWNED)),
          s -> s.ingress().tenancy().hosts());
  private static final Field<List<HostGrant>> GRANTS =
      FIELDS.field(
          "tenancy.grants",
          "Hosts that only the namespaces have that they are given to, as NAMESPACE/HOST:"
              + "\n[shop/shop.example.com, 'shop/*.shop.example.com', 'web/*']. The annotation"
              + " isoline.io/hosts"
              + "\nof a Namespace does the same.",
          ValueType.listOrNone(ValueType.hostGrant()),
          s -> s.ingress().tenancy().grants());
  private static final Field<Optional<DefaultBackend>> DEFAULT_BACKEND =
      FIELDS.field(
          "defaultBackend",
          "The Service for what no Ingress has a backend for, as NAMESPACE/SERVICE:PORT; off for"
              + " 404.",
          ValueType.defaultBackend(),
          s -> Optional.ofNullable(s.ingress().defaultBackend()));

  static {
    FIELDS.section(
        "errorPages",
        "Answers that the default backend is asked for, as custom-http-errors of ingress-nginx, where"
            + " an\nIngress does not list any itself.");
  }

  private static final Field<List<Integer>> ERROR_STATUSES =
      FIELDS.field(
          "errorPages.statuses",
          "Their statuses, 400 to 599, such as [404, 503].",
          ValueType.listOrNone(ValueType.number(400, 599)),
          s -> s.ingress().errors().statuses());
  private static final Field<Boolean> ERRORS_OF_BACKENDS =
      FIELDS.field(
          "errorPages.ofBackends",
          "Whether answers of backends are replaced, and not only those of Envoy.",
          ValueType.flag(),
          s -> s.ingress().errors().ofBackends());

  private IngressFields() {}

  static FieldTable table() {
    return FIELDS;
  }

  /** Makes the {@link IngressSettings} that a file asks for. */
  static IngressSettings read(ConfiguredValues values) {
    return new IngressSettings(
        new Classes(
            values.get(NAMES),
            values.get(CONTROLLER),
            values.get(WITHOUT_CLASS),
            values.get(NGINX_NAMES)),
        new Tenancy(values.get(HOSTS_OF_OTHERS), values.get(GRANTS)),
        values.get(DEFAULT_BACKEND).orElse(null),
        AuthFields.read(values),
        new ErrorSettings(values.get(ERROR_STATUSES), values.get(ERRORS_OF_BACKENDS)));
  }
}
