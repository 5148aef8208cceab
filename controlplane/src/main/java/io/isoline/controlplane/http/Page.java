package io.isoline.controlplane.http;

/**
 * What is answered.
 *
 * @param status of HTTP
 * @param contentType with the charset, which is UTF-8
 */
public record Page(int status, String contentType, String body) {

  /** A line or more of plain text; the last line break is added. */
  public static Page text(int status, String text) {
    return new Page(status, "text/plain; charset=utf-8", text + "\n");
  }
}
