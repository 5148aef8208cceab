package io.isoline.translator.settings;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which Ingresses are served, and who may have which hosts.
 *
 * @param classes which Ingresses are ours
 * @param tenancy who may have which hosts
 * @param defaultBackend the backend for what no Ingress has one for; null for 404
 * @param auth who is asked about the requests of all Ingresses
 * @param errors for which answers the default backend is asked for a page
 */
public record IngressSettings(
    Classes classes,
    Tenancy tenancy,
    @Nullable DefaultBackend defaultBackend,
    AuthSettings auth,
    ErrorSettings errors) {

  /** Where nobody is asked anything about the requests of all Ingresses. */
  public IngressSettings(
      Classes classes, Tenancy tenancy, @Nullable DefaultBackend defaultBackend) {
    this(classes, tenancy, defaultBackend, AuthSettings.OFF, ErrorSettings.OFF);
  }

  /** Returns these settings with other classes. */
  public IngressSettings with(Classes other) {
    return new IngressSettings(other, tenancy, defaultBackend, auth, errors);
  }

  /** Returns these settings with another tenancy. */
  public IngressSettings with(Tenancy other) {
    return new IngressSettings(classes, other, defaultBackend, auth, errors);
  }

  /** Returns these settings with another default backend. */
  public IngressSettings withDefaultBackend(@Nullable DefaultBackend other) {
    return new IngressSettings(classes, tenancy, other, auth, errors);
  }

  /** Returns these settings with another service that is asked. */
  public IngressSettings with(AuthSettings other) {
    return new IngressSettings(classes, tenancy, defaultBackend, other, errors);
  }

  /** Returns these settings with other pages for errors. */
  public IngressSettings with(ErrorSettings other) {
    return new IngressSettings(classes, tenancy, defaultBackend, auth, other);
  }

  /**
   * Which Ingresses are ours: those of an IngressClass whose controller is ours, and those that
   * name one of our class names, also where no IngressClass object exists.
   *
   * @param names class names that are ours even without an IngressClass object
   * @param controller {@code spec.controller} of our IngressClasses
   * @param withoutClass whether Ingresses that name no class are ours although no IngressClass is
   *     marked as the default
   * @param nginxNames classes of ours whose Ingresses are served as ingress-nginx serves them, beside
   *     those whose controller is {@link #INGRESS_NGINX}
   */
  public record Classes(
      List<String> names, String controller, boolean withoutClass, List<String> nginxNames) {

    /** {@code spec.controller} of the IngressClasses of ingress-nginx. */
    public static final String INGRESS_NGINX = "k8s.io/ingress-nginx";

    public Classes {
      names = List.copyOf(names);
      nginxNames = List.copyOf(nginxNames);
    }

    /** Without classes that are served otherwise than the rest. */
    public Classes(List<String> names, String controller, boolean withoutClass) {
      this(names, controller, withoutClass, List.of());
    }

    /** The same, and Ingresses without a class are ours or not. */
    public Classes with(boolean withoutAClass) {
      return new Classes(names, controller, withoutAClass, nginxNames);
    }

    /** Whether all Ingresses of ours are served as ingress-nginx serves them. */
    public boolean areAllNginx() {
      return controller.equals(INGRESS_NGINX);
    }

    /** Whether any Ingress can be served as ingress-nginx serves it. */
    public boolean hasNginx() {
      return controller.equals(INGRESS_NGINX) || !nginxNames.isEmpty();
    }
  }

  /**
   * Who may have which hosts. A host belongs to the namespace of the oldest Ingress that has a rule
   * for it.
   *
   * @param hosts what other namespaces may do with it
   * @param grants the hosts that the operator gives to namespaces, beside those that annotations of
   *     Namespaces give
   */
  public record Tenancy(Hosts hosts, List<HostGrant> grants) {
    public Tenancy {
      grants = List.copyOf(grants);
    }

    /** What namespaces may do with a host that belongs to another. */
    public enum Hosts {
      /** Add paths to it. */
      SHARED,
      /** Nothing. */
      OWNED
    }
  }

  /**
   * A host that a namespace is given: only namespaces that are given a host have it then.
   *
   * @param host a name, {@code *.example.com} for all names below at any depth, or {@code *} for
   *     the right to serve hosts that nobody names
   */
  public record HostGrant(String namespace, String host) {
    @Override
    public String toString() {
      return namespace + "/" + host;
    }
  }

  /**
   * A port of a Service.
   *
   * @param portName null when the port is given by number
   * @param portNumber 1 to 65535; 0 when the port is given by name
   */
  public record DefaultBackend(
      String namespace, String service, @Nullable String portName, int portNumber) {
    @Override
    public String toString() {
      return namespace + "/" + service + ":" + (portName == null ? portNumber : portName);
    }
  }
}
