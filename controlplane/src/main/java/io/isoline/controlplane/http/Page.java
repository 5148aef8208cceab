package io.isoline.controlplane.http;

/**
 * An HTTP answer.
 *
 * @param status of HTTP
 * @param contentType with the charset, which is UTF-8
 */
public record Page(int status, String contentType, String body) {

  /** Makes a page of plain text; the last line break is added. */
  public static Page text(int status, String text) {
    return new Page(status, "text/plain; charset=utf-8", text + "\n");
  }
}
