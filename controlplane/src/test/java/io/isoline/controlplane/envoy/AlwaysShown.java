package io.isoline.controlplane.envoy;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** A client's key that is shown whichever authorities the server names, as attackers do it. */
final class AlwaysShown extends X509ExtendedKeyManager {

  private final X509ExtendedKeyManager keys;

  private AlwaysShown(X509ExtendedKeyManager keys) {
    this.keys = keys;
  }

  /** The keys of a store with one entry that is called {@code client}. */
  static KeyManager[] of(KeyManagerFactory factory) {
    return new KeyManager[] {
      new AlwaysShown((X509ExtendedKeyManager) factory.getKeyManagers()[0])
    };
  }

  @Override
  public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
    return "client";
  }

  @Override
  public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
    return "client";
  }

  @Override
  public String[] getClientAliases(String type, Principal[] issuers) {
    return new String[] {"client"};
  }

  @Override
  public @Nullable String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
    return null;
  }

  @Override
  public String[] getServerAliases(String type, Principal[] issuers) {
    return new String[0];
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return keys.getCertificateChain(alias);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return keys.getPrivateKey(alias);
  }
}
