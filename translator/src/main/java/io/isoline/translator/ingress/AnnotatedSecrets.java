package io.isoline.translator.ingress;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Settings;
import io.isoline.translator.annotation.Access;
import io.isoline.translator.annotation.Policy;
import io.isoline.translator.annotation.SecretUse;
import io.isoline.translator.annotation.SecretUse.Purpose;
import io.isoline.translator.credentials.ExternalCheck;
import io.isoline.translator.credentials.UserList;
import io.isoline.translator.derive.Derivation;
import io.isoline.translator.derive.Derived;
import io.isoline.translator.derive.Facts;
import io.isoline.translator.model.AccessCheck;
import io.isoline.translator.model.Authorities;
import io.isoline.translator.model.BackendCredentials;
import io.isoline.translator.model.BackendTls;
import io.isoline.translator.model.QuestionHeaders;
import io.isoline.translator.model.RouteOption;
import io.isoline.translator.tls.AuthoritiesReading;
import io.isoline.translator.tls.CredentialsReading;
import io.isoline.translator.tls.Secrets;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the Secrets hold that annotations of Ingresses name. Each is read once for each thing that it
 * is to be, however many Ingresses name it; whatever rule asks is derived again when that is another
 * one, and only then.
 *
 * <p>Owned by the thread that owns the translator.
 */
final class AnnotatedSecrets {

  /** A Secret as something that it is to be. */
  record Key(ObjectRef secret, Purpose purpose) {
    static Key of(SecretUse use) {
      return new Key(use.secret(), use.purpose());
    }
  }

  private final Secrets secrets;
  private final Derived<Key, SecretContent> contents;

  /**
   * Adds its stage.
   *
   * @param users a Secret is read when it has any of these facts
   * @param different is told of each that holds something else than before
   */
  AnnotatedSecrets(
      Derivation derivation, Facts<Key, ObjectRef> users, Secrets secrets, Consumer<Key> different) {
    this.secrets = secrets;
    contents =
        derivation
            .<Key, SecretContent>derived(users, this::read)
            .tell((key, before, after) -> different.accept(key));
  }

  /** What a Secret holds that an Ingress uses. */
  SecretContent content(SecretUse use) {
    return Objects.requireNonNull(contents.get(Key.of(use)));
  }

  /** The same of a Secret that may be used by nobody, which is null then. */
  @Nullable SecretContent content(ObjectRef secret, Purpose purpose) {
    return contents.get(new Key(secret, purpose));
  }

  /** What TLS to a backend needs; null while that cannot be used, so that nothing may be sent. */
  @Nullable BackendCredentials credentials(BackendTls tls) {
    if (tls.secret() == null) {
      return BackendCredentials.NONE;
    }
    return content(tls.secret(), SecretUse.forBackends(tls.verified()))
            instanceof SecretContent.ForBackends(BackendCredentials credentials)
        ? credentials
        : null;
  }

  /** Whether a Secret that is needed cannot be used, so that nobody may pass. */
  boolean lack(Policy policy) {
    return policy.secrets().stream().anyMatch(use -> unusable(policy, use) != null);
  }

  /** Why an Ingress cannot use a Secret; null when it can. */
  SecretContent.@Nullable Unusable unusable(Policy policy, SecretUse use) {
    return switch (content(use)) {
      case SecretContent.Unusable unusable -> unusable;
      case SecretContent.Users(UserList.Usable list) -> {
        String tooMuch = policy.tooMuch(list.text().length());
        yield tooMuch == null
            ? null
            : new SecretContent.Unusable(
                "its list has " + tooMuch,
                "shorten it, or divide the paths among several Ingresses");
      }
      case SecretContent.ClientAuthorities _, SecretContent.ForBackends _ -> null;
    };
  }

  /**
   * What is asked about the requests of an Ingress that lacks no Secret; null for nothing.
   *
   * @param operators what the operator has asked where the Ingress has nothing asked; null for nothing
   */
  @Nullable AccessCheck check(
      Policy policy, @Nullable ExternalCheck operators, Settings settings) {
    Access access = policy.access();
    ExternalCheck own = access == null ? null : external(access, policy);
    ExternalCheck external = own == null ? operators : own;
    return access == null && external == null
        ? null
        : new AccessCheck(
            access == null ? null : passwords(access),
            external,
            access != null && access.any(),
            external != null && settings.services().allowLoopbackEndpoints());
  }

  private static @Nullable ExternalCheck external(Access access, Policy policy) {
    ExternalCheck external = access.external();
    QuestionHeaders headers = null;
    for (RouteOption option : policy.options()) {
      if (option instanceof QuestionHeaders ofConfigMap) {
        headers = ofConfigMap;
      }
    }
    return external == null || headers == null
        ? external
        : external.withHeaders(headers.headers());
  }

  private AccessCheck.@Nullable Passwords passwords(Access access) {
    return access.users() != null
            && content(access.users()) instanceof SecretContent.Users(UserList.Usable list)
        ? new AccessCheck.Passwords(list.text(), access.realm())
        : null;
  }

  private SecretContent read(Key key) {
    return switch (secrets.find(key.secret())) {
      case Secrets.Lookup.Missing(String message, String fix) ->
          new SecretContent.Unusable(
              message,
              fix.isEmpty()
                  ? "create it in namespace %s, or correct the annotation"
                      .formatted(key.secret().namespace())
                  : fix);
      case Secrets.Lookup.Found(var secret) ->
          switch (key.purpose()) {
            case USER_FILE -> users(UserList.ofFile(secret.data().get("auth")));
            case USER_MAP -> users(UserList.ofMap(secret.data()));
            case AUTHORITIES -> authorities(AuthoritiesReading.read(secret));
            case BACKEND_TLS -> forBackends(CredentialsReading.read(secret, false));
            case VERIFIED_BACKEND_TLS -> forBackends(CredentialsReading.read(secret, true));
          };
    };
  }

  private static SecretContent users(UserList list) {
    return switch (list) {
      case UserList.Usable usable -> new SecretContent.Users(usable);
      case UserList.Unusable(String message, String fix) ->
          new SecretContent.Unusable(message, fix);
    };
  }

  private static SecretContent forBackends(CredentialsReading reading) {
    return switch (reading) {
      case CredentialsReading.Usable(BackendCredentials credentials) ->
          new SecretContent.ForBackends(credentials);
      case CredentialsReading.Unusable(String message, String fix) ->
          new SecretContent.Unusable(message, fix);
    };
  }

  private static SecretContent authorities(AuthoritiesReading reading) {
    return switch (reading) {
      case AuthoritiesReading.Usable(Authorities authorities) ->
          new SecretContent.ClientAuthorities(authorities);
      case AuthoritiesReading.Unusable(String message, String fix) ->
          new SecretContent.Unusable(message, fix);
    };
  }
}
