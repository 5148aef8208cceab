package io.isoline.translator.text;

/** Blanks around a word, which are nothing of it. */
public final class Blanks {

  private Blanks() {}

  /** A text without the spaces and tabs at its ends; line breaks stay. */
  public static String stripped(String text) {
    int begin = 0;
    int end = text.length();
    while (begin < end && isBlank(text.charAt(begin))) {
      begin++;
    }
    while (begin < end && isBlank(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(begin, end);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
