package io.isoline.translator.tls;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One block of PEM (RFC 7468). Reading is more lenient than Envoy about white space, because what
 * Envoy gets is written anew from the blocks.
 *
 * @param label what stands after BEGIN
 * @param encrypted whether its headers say that it is
 * @param der its decoded content
 */
record Pem(String label, boolean encrypted, ByteString der) {

  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";
  private static final String COPY_WHOLE =
      "copy the file whole, from its first BEGIN line to its last END line";

  /**
   * All blocks, in their order. Text outside of blocks is passed over, as Envoy does.
   *
   * @param name the data key, for messages
   * @throws Refusal when there is none, or one is broken
   */
  static List<Pem> read(ByteString data, String name) throws Refusal {
    if (data.isEmpty()) {
      throw new Refusal(name + " is empty", "put PEM into " + name);
    }
    // One byte is one char: what is not ASCII survives to be complained about.
    String text = data.toString(StandardCharsets.ISO_8859_1);
    List<Pem> blocks = new ArrayList<>();
    int from = 0;
    while (true) {
      int begin = text.indexOf(BEGIN, from);
      int strayEnd = text.indexOf(END, from);
      if (strayEnd >= 0 && (begin < 0 || strayEnd < begin)) {
        throw new Refusal(
            "%s has an END line without its BEGIN line (line %d)"
                .formatted(name, lineAt(text, strayEnd)),
            COPY_WHOLE);
      }
      if (begin < 0) {
        break;
      }
      int line = lineAt(text, begin);
      int labelStart = begin + BEGIN.length();
      int labelEnd = text.indexOf(DASHES, labelStart);
      if (labelEnd < 0 || text.substring(labelStart, labelEnd).indexOf('\n') >= 0) {
        throw new Refusal("%s has a broken BEGIN line (line %d)".formatted(name, line), COPY_WHOLE);
      }
      String label = text.substring(labelStart, labelEnd);
      int bodyStart = labelEnd + DASHES.length();
      int end = text.indexOf(END, bodyStart);
      int nextBegin = text.indexOf(BEGIN, bodyStart);
      if (end < 0 || (nextBegin >= 0 && nextBegin < end)) {
        throw new Refusal(
            "the %s block at line %d of %s has no END line: it is cut off"
                .formatted(label, line, name),
            COPY_WHOLE);
      }
      if (!text.startsWith(label + DASHES, end + END.length())) {
        throw new Refusal(
            "the %s block at line %d of %s ends with another label".formatted(label, line, name),
            COPY_WHOLE);
      }
      blocks.add(block(label, text.substring(bodyStart, end), line, name));
      from = end + END.length() + label.length() + DASHES.length();
    }
    if (blocks.isEmpty()) {
      throw notPem(data, text, name);
    }
    return blocks;
  }

  private static Pem block(String label, String body, int line, String name) throws Refusal {
    String base64 = body;
    boolean encrypted = false;
    // RFC 1421 headers, as OpenSSL writes them for encrypted keys of the old forms.
    int lastHeader = body.lastIndexOf(':');
    if (lastHeader >= 0) {
      encrypted = body.contains("ENCRYPTED");
      int headerEnd = body.indexOf('\n', lastHeader);
      base64 = headerEnd < 0 ? "" : body.substring(headerEnd);
    }
    if (encrypted) {
      return new Pem(label, true, ByteString.EMPTY);
    }
    byte[] der;
    try {
      der = Base64.getDecoder().decode(SPACE.matcher(base64).replaceAll(""));
    } catch (IllegalArgumentException e) {
      if (base64.contains("\\n")) {
        throw new Refusal(
            name + " has the two characters \\n where line breaks belong",
            "write real line breaks into " + name);
      }
      throw new Refusal(
          "the %s block at line %d of %s is not valid Base64".formatted(label, line, name),
          COPY_WHOLE);
    }
    if (der.length == 0) {
      throw new Refusal(
          "the %s block at line %d of %s is empty".formatted(label, line, name), COPY_WHOLE);
    }
    return new Pem(label, false, ByteString.copyFrom(der));
  }

  private static Refusal notPem(ByteString data, String text, String name) {
    Refusal binary = binary(data, name);
    if (binary != null) {
      return binary;
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(SPACE.matcher(text).replaceAll(""));
      if (new String(decoded, StandardCharsets.ISO_8859_1).contains(BEGIN)) {
        return new Refusal(
            name + " is encoded in Base64 twice",
            "encode it once under data, or put the PEM itself under stringData");
      }
      if (binary(ByteString.copyFrom(decoded), name) != null) {
        return new Refusal(
            name + " is Base64 without the BEGIN and END lines of PEM", "add these lines");
      }
    } catch (IllegalArgumentException e) {
      // Not Base64 either: no more to be said than that it is not PEM.
    }
    return new Refusal(
        name + " is not PEM: it has no line that begins with -----BEGIN", "put PEM into " + name);
  }

  private static @Nullable Refusal binary(ByteString bytes, String name) {
    Der outer = Der.whole(bytes);
    if (outer == null || !outer.is(Der.SEQUENCE)) {
      return null;
    }
    List<Der> parts = outer.children();
    // PFX of RFC 7292: its first part is the version, always 3.
    if (!parts.isEmpty()
        && parts.getFirst().is(Der.INTEGER)
        && parts.getFirst().hex().equals("03")) {
      return new Refusal(
          name + " is a PKCS#12 file, not PEM",
          "convert it: openssl pkcs12 -in FILE -nodes -out FILE.pem");
    }
    return new Refusal(
        name + " is in the binary form DER, not in PEM",
        "convert it: openssl x509 -inform der -in FILE (for a key: openssl pkey -inform der)");
  }

  private static int lineAt(String text, int offset) {
    int line = 1;
    for (int i = 0; i < offset; i++) {
      if (text.charAt(i) == '\n') {
        line++;
      }
    }
    return line;
  }

  /** PEM with the usual 64 columns. */
  String encoded() {
    return BEGIN
        + label
        + DASHES
        + "\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der.toByteArray())
        + "\n"
        + END
        + label
        + DASHES
        + "\n";
  }

  /** Leaves the content out, so that no log shows a key. */
  @Override
  public String toString() {
    return label;
  }
}
