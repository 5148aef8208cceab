package io.isoline.controlplane.peers;

import io.isoline.controlplane.certs.CertificateAuthority;
import io.isoline.controlplane.certs.Credential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A directory as a kubelet keeps it for a Secret: the files are links into {@code ..data}, which is
 * itself a link that is replaced in one step.
 */
public final class SecretVolume {
  private final Path root;
  private int version;

  /**
   * Makes one.
   *
   * @param root does not exist yet
   */
  public SecretVolume(Path root) throws IOException {
    this.root = Files.createDirectory(root);
    for (String name : new String[] {"tls.crt", "tls.key", "ca.crt"}) {
      Files.createSymbolicLink(root.resolve(name), Path.of("..data", name));
    }
  }

  /** Replaces all of it. */
  public void put(Credential own, CertificateAuthority... trusted) throws IOException {
    StringBuilder bundle = new StringBuilder();
    for (CertificateAuthority authority : trusted) {
      bundle.append(authority.credential().certificatePem());
    }
    put(own.certificatePem(), own.keyPem(), bundle.toString());
  }

  /** Replaces all of it by any contents. */
  public void put(String certificate, String key, String authorities) throws IOException {
    version++;
    Path data = Files.createDirectory(root.resolve("..version_" + version));
    Files.writeString(data.resolve("tls.crt"), certificate);
    Files.writeString(data.resolve("tls.key"), key);
    Files.writeString(data.resolve("ca.crt"), authorities);
    Path link = root.resolve("..data_tmp");
    Files.createSymbolicLink(link, data.getFileName());
    Files.move(link, root.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
  }

  /** The paths of the files, which stay the same. */
  public TlsFiles files() {
    return new TlsFiles(root.resolve("tls.crt"), root.resolve("tls.key"), root.resolve("ca.crt"));
  }
}
