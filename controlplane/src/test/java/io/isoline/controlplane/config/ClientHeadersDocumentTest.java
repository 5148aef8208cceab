package io.isoline.controlplane.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.translator.ClientHeaders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/ingress.md} names the headers that are dropped. */
class ClientHeadersDocumentTest {

  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  @Test
  void lists_areInThePage() throws IOException {
    List<String> documented = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("../docs/ingress.md"))) {
      if (line.matches("\\| (scheme|identity|another path).*\\| (yes|no) \\|")) {
        Matcher names = CODE.matcher(line);
        while (names.find()) {
          documented.add(names.group(1));
        }
      }
    }
    documented.sort(null);
    assertEquals(List.copyOf(ClientHeaders.trustable()), documented);
  }
}
