package io.isoline.translator.annotation;

import io.isoline.translator.credentials.ExternalCheck;
import io.isoline.translator.model.AddressList;
import io.isoline.translator.model.BackendTls;
import io.isoline.translator.model.ConnectionLimit;
import io.isoline.translator.model.NginxHttpsRedirect;
import io.isoline.translator.model.RequestLimit;
import io.isoline.translator.model.RouteAction;
import io.isoline.translator.model.RouteOption;
import io.isoline.translator.model.RouteOptions;
import io.isoline.translator.settings.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the annotations of an Ingress ask of all its routes, before it is known which host they are
 * of and what the settings say.
 *
 * @param leftOut whether nothing of the Ingress is served, as if it was not there
 * @param denied whether something that protects cannot be put in force, so that all requests get 503
 * @param httpsRedirect when plain HTTP is redirected
 * @param redirect where all requests are sent instead of to a backend; null for nowhere
 * @param ofHosts what is asked for the hosts of the Ingress as a whole
 * @param paths what becomes of the paths of requests
 * @param backend what is asked of backends
 * @param options at most one of a kind
 * @param access who gets in; null for everybody
 * @param exempt whether nobody is asked for it whom the operator has asked about all requests
 * @param tls what they ask of TLS for the hosts as a whole
 * @param secrets what they name that is needed for it
 * @param configMaps options that are in ConfigMaps, which are not in {@code options} yet
 * @param pathCount how many paths the Ingress has; each of them may carry all of it
 */
public record Policy(
    boolean leftOut,
    boolean denied,
    HttpsRedirect httpsRedirect,
    RouteAction.@Nullable Redirect redirect,
    HostWishes ofHosts,
    PathPolicy paths,
    BackendPolicy backend,
    List<RouteOption> options,
    @Nullable Access access,
    boolean exempt,
    TlsPolicy tls,
    List<SecretUse> secrets,
    List<FromConfigMap> configMaps,
    int pathCount) {

  /** How much all paths of an Ingress may carry together of what is written once, in bytes. */
  private static final long MOST_CARRIED = 32 << 20;

  /** Of an Ingress that asks for nothing, by the letter of the API. */
  public static final Policy NONE = new Builder(Profile.STRICT).build();

  private static final Policy OF_NGINX = new Builder(Profile.NGINX).build();

  public Policy {
    options = List.copyOf(options);
    secrets = List.copyOf(secrets);
    configMaps = List.copyOf(configMaps);
  }

  /** That of an Ingress that asks for nothing. */
  public static Policy without(Profile profile) {
    return switch (profile) {
      case STRICT -> NONE;
      case NGINX -> OF_NGINX;
    };
  }

  /** When plain HTTP is answered by a redirect to HTTPS. */
  public enum HttpsRedirect {
    /** As the settings say. */
    BY_SETTINGS,
    NEVER,
    /** Where an Ingress gives the host a certificate. */
    WITH_CERTIFICATE,
    /** Where an Ingress has an entry in {@code spec.tls}, whatever comes of it. */
    WITH_TLS_SECTION,
    ALWAYS
  }

  /** What Ingresses say of TLS for a host. It is asked only where that matters. */
  public interface TlsOfHost {
    /** Nothing. */
    TlsOfHost NONE =
        new TlsOfHost() {
          @Override
          public boolean hasCertificate() {
            return false;
          }

          @Override
          public boolean hasSection() {
            return false;
          }
        };

    /** Whether an Ingress gives the host a certificate. */
    boolean hasCertificate();

    /** Whether an Ingress with a rule for the host has an entry in {@code spec.tls}. */
    boolean hasSection();
  }

  /**
   * The same with what is in ConfigMaps; it denies all requests where that is missing.
   *
   * @param contents what came of each
   */
  public Policy with(Function<FromConfigMap, FromConfigMap.Content> contents) {
    if (configMaps.isEmpty()) {
      return this;
    }
    boolean denies = denied;
    List<RouteOption> all = new ArrayList<>(options);
    for (FromConfigMap each : configMaps) {
      switch (contents.apply(each)) {
        case FromConfigMap.Content.Found(RouteOption option) -> all.add(option);
        case FromConfigMap.Content.Unusable _ -> denies = true;
      }
    }
    return with(denies, backend, all, List.of(), pathCount);
  }

  /**
   * What it keeps clients out by, or what it answers them, that nobody can do who does not see
   * requests, in a clause of its own; null for nothing. Lists of addresses are none of it.
   */
  public @Nullable String needsRequests() {
    if (denied) {
      return "its paths are closed";
    }
    if (redirect != null) {
      return "it redirects all requests";
    }
    if (backend.isUnspoken()) {
      return "its backends speak FastCGI";
    }
    if (access != null) {
      return "it asks who clients are";
    }
    if (tls.clients() != null) {
      return "it asks clients for certificates";
    }
    for (RouteOption option : options) {
      if (option instanceof RequestLimit || option instanceof ConnectionLimit) {
        return "it limits the requests of clients";
      }
    }
    return null;
  }

  /** From which addresses clients are let in; null for all. */
  public @Nullable AddressList addresses() {
    for (RouteOption option : options) {
      if (option instanceof AddressList list) {
        return list;
      }
    }
    return null;
  }

  /** Returns the same, which lets nobody pass. */
  public Policy denying() {
    return with(true, backend, options, configMaps, pathCount);
  }

  /** Returns the same, which speaks TLS to backends like this. */
  public Policy with(BackendTls other) {
    return with(
        denied, backend.with(backend.options().withTls(other)), options, configMaps, pathCount);
  }

  /** Returns the same of an Ingress with so many paths. */
  public Policy ofPaths(int count) {
    return with(denied, backend, options, configMaps, count);
  }

  /**
   * Why each path cannot carry a text of so many characters, in a clause that follows {@code it has};
   * null when it can.
   */
  public @Nullable String tooMuch(long characters) {
    return characters * pathCount <= MOST_CARRIED
        ? null
        : characters
            + " characters, which each of the "
            + pathCount
            + " paths would have to carry: more than "
            + (MOST_CARRIED >> 20)
            + " MiB together";
  }

  private Policy with(
      boolean denies,
      BackendPolicy backends,
      List<RouteOption> all,
      List<FromConfigMap> missing,
      int count) {
    return new Policy(
        leftOut,
        denies,
        httpsRedirect,
        redirect,
        ofHosts,
        paths,
        backends,
        all,
        access,
        exempt,
        tls,
        secrets,
        missing,
        count);
  }

  /**
   * The options of a route.
   *
   * @param bySettings whether the settings have plain HTTP redirected where there is a certificate
   */
  public RouteOptions options(boolean bySettings, TlsOfHost tls) {
    boolean redirects =
        redirect == null
            && switch (httpsRedirect) {
              case BY_SETTINGS -> bySettings && tls.hasCertificate();
              case NEVER -> false;
              case WITH_CERTIFICATE -> tls.hasCertificate();
              case WITH_TLS_SECTION -> tls.hasSection();
              case ALWAYS -> true;
            };
    return new RouteOptions(redirects, options);
  }

  /** Is filled by the subjects, one after the other. */
  static final class Builder {
    private final Profile profile;
    private boolean leftOut;
    private boolean denied;
    private HttpsRedirect httpsRedirect = HttpsRedirect.BY_SETTINGS;
    private boolean httpsRedirectKeepsSlash;
    private RouteAction.@Nullable Redirect redirect;
    private HostWishes ofHosts = HostWishes.NONE;
    private PathPolicy paths = PathPolicy.NONE;
    private BackendPolicy backend = BackendPolicy.NONE;
    private final List<RouteOption> options = new ArrayList<>();
    private Access access = Access.NONE;
    private boolean exempt;
    private TlsPolicy tls = TlsPolicy.NONE;
    private final List<SecretUse> secrets = new ArrayList<>();
    private final List<FromConfigMap> configMaps = new ArrayList<>();

    Builder(Profile profile) {
      this.profile = profile;
    }

    void leaveOut() {
      leftOut = true;
    }

    void deny() {
      denied = true;
    }

    void httpsRedirect(HttpsRedirect when) {
      httpsRedirect = when;
    }

    void httpsRedirectKeepsSlash() {
      httpsRedirectKeepsSlash = true;
    }

    void redirect(RouteAction.Redirect where) {
      redirect = where;
    }

    void ofHosts(HostWishes wishes) {
      ofHosts = wishes;
    }

    void paths(PathPolicy of) {
      paths = of;
    }

    /** Adds to what is asked of backends. */
    void backend(UnaryOperator<BackendPolicy> addition) {
      backend = addition.apply(backend);
    }

    void add(RouteOption option) {
      options.add(option);
    }

    /** Has clients log in. */
    void users(SecretUse users, String realm) {
      secrets.add(users);
      access = new Access(users, realm, access.external(), access.asking(), access.any());
    }

    /** Has a service asked. */
    void external(ExternalCheck check, String field) {
      access = new Access(access.users(), access.realm(), check, field, access.any());
    }

    /** Has nobody asked because the operator wants it. */
    void exempt() {
      exempt = true;
    }

    /** Has one way in be enough. */
    void satisfyAny() {
      access =
          new Access(access.users(), access.realm(), access.external(), access.asking(), true);
    }

    void clients(ClientAuthentication clients) {
      tls = new TlsPolicy(clients, tls.ciphers(), tls.clientsChoose(), tls.passes());
    }

    void ciphers(List<String> suites) {
      tls = new TlsPolicy(tls.clients(), suites, tls.clientsChoose(), tls.passes());
    }

    void clientsChoose(boolean choose) {
      tls = new TlsPolicy(tls.clients(), tls.ciphers(), choose, tls.passes());
    }

    void passes(boolean on) {
      tls = new TlsPolicy(tls.clients(), tls.ciphers(), tls.clientsChoose(), on);
    }

    /** Has a Secret read; whether it holds what it is to hold is judged when it is there. */
    void add(SecretUse secret) {
      secrets.add(secret);
    }

    void add(FromConfigMap option) {
      configMaps.add(option);
    }

    Policy build() {
      if (profile == Profile.NGINX) {
        takeDefaultsOfNginx();
      }
      return new Policy(
          leftOut,
          denied,
          httpsRedirect,
          redirect,
          ofHosts,
          paths,
          backend,
          options,
          access.asksNothing() ? null : access,
          exempt,
          tls,
          secrets,
          configMaps,
          1);
    }

    private void takeDefaultsOfNginx() {
      if (httpsRedirect == HttpsRedirect.BY_SETTINGS
          || httpsRedirect == HttpsRedirect.WITH_CERTIFICATE) {
        httpsRedirect = HttpsRedirect.WITH_TLS_SECTION;
      }
      if (backend.options().tls().equals(BackendTls.NONE)) {
        backend = backend.with(backend.options().withTls(BackendTls.OF_NGINX));
      }
      List<RouteOption> asked = List.copyOf(options);
      options.clear();
      options.addAll(NginxDefaults.OPTIONS.with(asked).all());
      options.add(new NginxHttpsRedirect(httpsRedirectKeepsSlash));
    }
  }
}
