package io.isoline.translator.annotation;

import io.isoline.translator.Verdict.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a list of cipher suites as OpenSSL does, with the suites that BoringSSL has for TLS 1.2. What
 * it has not is passed over, as OpenSSL passes over what it does not know.
 *
 * @see <a href="https://docs.openssl.org/master/man1/openssl-ciphers/">openssl-ciphers</a>
 */
final class CipherList {

  /** By the name of a suite, the words of OpenSSL that stand for it, in the order of OpenSSL. */
  private static final Map<String, Set<String>> SUITES = suites();

  /** A message names so many. */
  private static final int MOST_WORDS = 6;

  private final Set<String> chosen = new LinkedHashSet<>();
  private final Set<String> killed = new LinkedHashSet<>();
  private final List<String> leftOut = new ArrayList<>();

  private CipherList() {}

  /**
   * What a list comes to.
   *
   * @param suites in order of preference, without doubles
   * @param leftOut words that ask for something and stand for nothing that there is
   */
  record Suites(List<String> suites, List<String> leftOut) {}

  /**
   * The suites of an annotation, and its verdict where that is not that all of them are in force.
   *
   * @return empty where it is not there, or has none that Envoy has
   */
  static List<String> of(Values values, Annotation<String> annotation) {
    String text = values.get(annotation);
    if (text == null) {
      return List.of();
    }
    Suites list = read(text);
    List<String> leftOut = list.leftOut();
    if (list.suites().isEmpty()) {
      values.refused(
          annotation,
          Reason.InvalidValue,
          "Envoy has none of these suites; it is as if the annotation was not there",
          "write suites with ECDHE and AES-GCM or ChaCha20-Poly1305");
    } else if (!leftOut.isEmpty()) {
      values.differs(
          annotation,
          "Envoy does not have "
              + ValueType.shown(
                  String.join(", ", leftOut.subList(0, Math.min(MOST_WORDS, leftOut.size()))))
              + (leftOut.size() > MOST_WORDS ? " and others" : "")
              + "; the other suites are in force",
          "remove what Envoy does not have");
    }
    return list.suites();
  }

  private static Map<String, Set<String>> suites() {
    Map<String, Set<String>> suites = new LinkedHashMap<>();
    for (String cipher :
        List.of("AES256-GCM-SHA384", "CHACHA20-POLY1305", "AES128-GCM-SHA256", "AES256-SHA", "AES128-SHA")) {
      for (String authentication : List.of("ECDSA", "RSA")) {
        String name = "ECDHE-" + authentication + "-" + cipher;
        suites.put(name, words(name, cipher, authentication));
      }
    }
    for (String cipher :
        List.of("AES256-GCM-SHA384", "AES128-GCM-SHA256", "AES256-SHA", "AES128-SHA")) {
      suites.put(cipher, words(cipher, cipher, ""));
    }
    return suites;
  }

  /** An empty authentication stands for the exchange of a key by RSA. */
  private static Set<String> words(String name, String cipher, String authentication) {
    Set<String> words = new LinkedHashSet<>(List.of(name, "ALL", "DEFAULT", "HIGH"));
    switch (authentication) {
      case "ECDSA" -> words.addAll(List.of("ECDSA", "aECDSA"));
      case "RSA" -> words.add("aRSA");
      default -> words.addAll(List.of("RSA", "kRSA", "aRSA"));
    }
    if (!authentication.isEmpty()) {
      words.addAll(List.of("ECDHE", "EECDH", "kECDHE", "kEECDH"));
    }
    if (cipher.startsWith("AES")) {
      words.addAll(List.of("AES", cipher.substring(0, 6)));
    } else {
      words.add("CHACHA20");
    }
    if (cipher.contains("GCM")) {
      words.add("AESGCM");
    }
    if (cipher.endsWith("-SHA")) {
      words.addAll(List.of("SHA", "SHA1", "TLSv1", "TLSv1.0", "SSLv3"));
    } else {
      words.add("TLSv1.2");
    }
    return words;
  }

  /** Reads a list, whatever is in it. */
  static Suites read(String text) {
    CipherList list = new CipherList();
    for (String word : text.split("[: ,]+", -1)) {
      if (!word.isEmpty()) {
        list.apply(word);
      }
    }
    return new Suites(List.copyOf(list.chosen), List.copyOf(list.leftOut));
  }

  private void apply(String word) {
    switch (word.charAt(0)) {
      case '!' -> {
        List<String> all = meant(word.substring(1));
        killed.addAll(all);
        all.forEach(chosen::remove);
      }
      case '-' -> meant(word.substring(1)).forEach(chosen::remove);
      case '+' -> {
        for (String suite : meant(word.substring(1))) {
          if (chosen.remove(suite)) {
            chosen.add(suite);
          }
        }
      }
      default -> {
        List<String> all = meant(word);
        if (all.isEmpty()) {
          leftOut.add(word);
        }
        for (String suite : all) {
          if (!killed.contains(suite)) {
            chosen.add(suite);
          }
        }
      }
    }
  }

  /** What a word stands for: each part between pluses has to. */
  private static List<String> meant(String word) {
    List<String> parts = List.of(word.split("\\+", -1));
    return SUITES.entrySet().stream()
        .filter(suite -> suite.getValue().containsAll(parts))
        .map(Map.Entry::getKey)
        .toList();
  }
}
