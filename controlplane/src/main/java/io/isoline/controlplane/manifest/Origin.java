package io.isoline.controlplane.manifest;

/**
 * The place in a file where a text that is parsed alone begins.
 *
 * @param line lines of the file before it
 * @param column characters of its first line before it
 */
record Origin(int line, int column) {

  static final Origin START = new Origin(0, 0);

  /**
   * The line in the file.
   *
   * @param inText from 0
   */
  int line(int inText) {
    return line + inText + 1;
  }

  /**
   * The column in the file.
   *
   * @param lineInText from 0
   * @param inText from 0
   */
  int column(int lineInText, int inText) {
    return (lineInText == 0 ? column : 0) + inText + 1;
  }
}
