package io.isoline.translator.text;

import java.util.List;

/**
 * The headers that say how a message is framed, or that belong to one connection. Nobody sets them for
 * somebody else, and no proxy passes them on.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1">RFC 9110, Connection</a>
 */
public final class FramingHeaders {

  /** In lower case. */
  public static final List<String> NAMES =
      List.of(
          "connection",
          "content-length",
          "http2-settings",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private FramingHeaders() {}
}
