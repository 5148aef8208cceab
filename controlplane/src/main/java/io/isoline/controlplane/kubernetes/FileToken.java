package io.isoline.controlplane.kubernetes;

import io.fabric8.kubernetes.client.OAuthTokenProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A token in a file that somebody renews: the kubelet does, every hour or so. Read anew for each
 * request; while the file cannot be read, the last token is used.
 */
final class FileToken implements OAuthTokenProvider {

  private final Path file;
  private volatile String last = "";

  FileToken(Path file) {
    this.file = file;
  }

  @Override
  public String getToken() {
    try {
      String token = Files.readString(file).strip();
      if (!token.isEmpty()) {
        last = token;
      }
    } catch (IOException e) {
      // The answer will be 401, which is reported, once the last token has expired.
    }
    return last;
  }
}
