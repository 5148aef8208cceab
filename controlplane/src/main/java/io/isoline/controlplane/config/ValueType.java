package io.isoline.controlplane.config;

import io.isoline.controlplane.config.InvalidValueException.Wrong;
import io.isoline.translator.ClientHeaders;
import io.isoline.translator.model.Tracing;
import io.isoline.translator.settings.IngressSettings.DefaultBackend;
import io.isoline.translator.settings.IngressSettings.HostGrant;
import io.isoline.translator.settings.PortService;
import io.isoline.translator.text.IpAddress;
import io.isoline.translator.text.SimilarName;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads and prints the values of a field in YAML: what is printed reads back as the same value.
 *
 * @param isList whether it is a list of scalars, not one scalar
 * @param reader from the texts of the scalars, one unless it is a list
 * @param printer to YAML
 */
record ValueType<T>(boolean isList, Reader<T> reader, Function<T, String> printer) {

  /** Reads scalars. */
  interface Reader<T> {
    T read(List<Text> texts) throws InvalidValueException;
  }

  /** Reads one scalar. */
  private interface ScalarReader<T> {
    T read(Text text) throws InvalidValueException;
  }

  /**
   * A scalar of YAML.
   *
   * @param plain whether it is written without quotes
   */
  record Text(String value, boolean plain) {

    /** As its author wrote it, for messages. */
    String shown() {
      String shortened = value.length() > 40 ? value.substring(0, 40) + "…" : value;
      String line = shortened.replaceAll("\\p{Cntrl}", " ");
      return plain && !line.isEmpty() ? line : '"' + line + '"';
    }
  }

  private static final Pattern DURATION =
      Pattern.compile("(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?(?:(\\d+)ms)?");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,15}) ?([A-Za-z]*)");
  private static final Pattern DIGITS = Pattern.compile("\\d+");
  private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern SERVICE_PORT =
      Pattern.compile("([a-z0-9][-a-z0-9]{0,62})/([a-z0-9][-a-z0-9]{0,62}):([-a-z0-9]{1,15})");
  private static final Pattern PORT_SERVICE =
      Pattern.compile("(\\d{1,5})=([^:=]+:[^:=]+)((?::PROXY|::PROXY|:PROXY:PROXY)?)");
  private static final Pattern PORT_NAME = Pattern.compile("[-a-z0-9]*[a-z][-a-z0-9]*");
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]{2,45})\\]|([-a-z0-9.]{1,253})):([0-9]{1,5})");
  private static final Pattern PERCENT = Pattern.compile("([0-9]{1,3})(?:\\.([0-9]{1,2}))?");
  private static final Pattern LABEL = Pattern.compile("[!-~]([ -~]*[!-~])?");
  private static final Pattern CONTROLLER =
      Pattern.compile("[-a-z0-9.]+/[-A-Za-z0-9/._~%!$&'()*+,;=:]+");
  private static final Pattern CONTENT_TYPE =
      Pattern.compile("[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+");
  private static final Pattern HEADER = Pattern.compile("[a-z0-9-]+\\*?");
  private static final int[] MILLIS = {86_400_000, 3_600_000, 60_000, 1000, 1};
  private static final String[] UNITS = {"d", "h", "m", "s", "ms"};
  private static final Map<String, Long> SIZES = sizes();

  private static Map<String, Long> sizes() {
    Map<String, Long> sizes = new LinkedHashMap<>();
    sizes.put("GiB", 1L << 30);
    sizes.put("MiB", 1L << 20);
    sizes.put("KiB", 1L << 10);
    return sizes;
  }

  private static <T> ValueType<T> scalar(ScalarReader<T> reader, Function<T, String> printer) {
    return new ValueType<>(false, texts -> reader.read(texts.getFirst()), printer);
  }

  /** A list of values of another type, one at least, each once. */
  static <T> ValueType<List<T>> listOf(ValueType<T> type) {
    return list(type, false);
  }

  /** A list of values of another type, each once; it may be empty. */
  static <T> ValueType<List<T>> listOrNone(ValueType<T> type) {
    return list(type, true);
  }

  private static <T> ValueType<List<T>> list(ValueType<T> type, boolean canBeEmpty) {
    return new ValueType<>(
        true,
        texts -> {
          List<T> values = new ArrayList<>();
          List<Wrong> wrongs = new ArrayList<>();
          for (int i = 0; i < texts.size(); i++) {
            try {
              T value = type.reader.read(texts.subList(i, i + 1));
              if (values.contains(value)) {
                wrongs.add(new Wrong(i, texts.get(i).shown() + " is in the list twice"));
              }
              values.add(value);
            } catch (InvalidValueException e) {
              wrongs.add(new Wrong(i, e.wrongs().getFirst().reason()));
            }
          }
          if (texts.isEmpty() && !canBeEmpty) {
            wrongs.add(new Wrong(-1, "the list is empty; it needs one entry at least"));
          }
          if (!wrongs.isEmpty()) {
            throw new InvalidValueException(wrongs);
          }
          return List.copyOf(values);
        },
        values -> "[" + String.join(", ", values.stream().map(type.printer).toList()) + "]");
  }

  static ValueType<Boolean> flag() {
    return scalar(
        text -> {
          if (text.plain()) {
            switch (text.value()) {
              case "true", "True", "TRUE" -> {
                return true;
              }
              case "false", "False", "FALSE" -> {
                return false;
              }
              default -> {}
            }
          }
          throw new InvalidValueException("expected true or false, not " + text.shown());
        },
        String::valueOf);
  }

  static ValueType<Integer> number(int least, int most) {
    return scalar(
        text -> {
          if (!text.plain() || !DIGITS.matcher(text.value()).matches()) {
            throw new InvalidValueException(
                "expected a whole number from %d to %d, not %s"
                    .formatted(least, most, text.shown()));
          }
          // More digits than these are out of any range, and may not fit a long.
          long value = text.value().length() > 18 ? Long.MAX_VALUE : Long.parseLong(text.value());
          if (value < least || value > most) {
            throw new InvalidValueException(
                "%s is out of range: it can be %d to %d".formatted(text.shown(), least, most));
          }
          return (int) value;
        },
        String::valueOf);
  }

  /** Bytes, as a number or with a unit: {@code 64KiB}. */
  static ValueType<Long> size(long least, long most, long multipleOf) {
    return scalar(
        text -> {
          Matcher matcher = SIZE.matcher(text.value());
          if (!matcher.matches()) {
            throw new InvalidValueException(
                "expected a size such as 64KiB, 10MiB or a number of bytes, not " + text.shown());
          }
          String unit = matcher.group(2);
          long factor = 1;
          if (!unit.isEmpty() && !unit.equals("B")) {
            String binary = unit.length() == 2 && unit.endsWith("i") ? unit + "B" : unit;
            Long known = SIZES.get(binary);
            if (known == null) {
              throw new InvalidValueException(
                  "%s has an unknown unit: sizes are in KiB, MiB, GiB or bytes"
                      .formatted(text.shown()));
            }
            factor = known;
          }
          long value;
          try {
            value = Math.multiplyExact(Long.parseLong(matcher.group(1)), factor);
          } catch (ArithmeticException e) {
            value = Long.MAX_VALUE;
          }
          if (value < least || value > most) {
            throw new InvalidValueException(
                "%s is out of range: it can be %s to %s"
                    .formatted(text.shown(), printSize(least), printSize(most)));
          }
          if (value % multipleOf != 0) {
            throw new InvalidValueException(
                "%s is not a multiple of %s".formatted(text.shown(), printSize(multipleOf)));
          }
          return value;
        },
        ValueType::printSize);
  }

  private static String printSize(long bytes) {
    for (Map.Entry<String, Long> unit : SIZES.entrySet()) {
      if (bytes != 0 && bytes % unit.getValue() == 0) {
        return bytes / unit.getValue() + unit.getKey();
      }
    }
    return String.valueOf(bytes);
  }

  /**
   * A time with its units, {@code 1h30m}.
   *
   * @param canBeOff whether {@code off}, or 0, means no limit
   */
  static ValueType<Duration> duration(Duration least, Duration most, boolean canBeOff) {
    return scalar(
        text -> {
          boolean off = text.value().equals("off") || text.value().equals("0");
          Duration value = off ? Duration.ZERO : parseDuration(text, canBeOff);
          if (value.isZero()
              ? !canBeOff
              : value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new InvalidValueException(
                "%s is out of range: it can be %s%s to %s"
                    .formatted(
                        text.shown(),
                        canBeOff ? "off, or " : "",
                        printDuration(least),
                        printDuration(most)));
          }
          return value;
        },
        value -> value.isZero() && canBeOff ? "off" : printDuration(value));
  }

  private static Duration parseDuration(Text text, boolean canBeOff) throws InvalidValueException {
    Matcher matcher = DURATION.matcher(text.value());
    if (text.value().isEmpty() || !matcher.matches()) {
      throw new InvalidValueException(
          DIGITS.matcher(text.value()).matches()
              ? "%s needs a unit: %ss for seconds, for example"
                  .formatted(text.shown(), text.shown())
              : "expected a duration such as 30s, 5m or 1h30m%s, not %s"
                  .formatted(canBeOff ? ", or off" : "", text.shown()));
    }
    long millis = 0;
    for (int i = 0; i < MILLIS.length; i++) {
      String digits = matcher.group(i + 1);
      if (digits != null) {
        // Nine digits of days are longer than any limit, and their sum fits a long.
        long count = digits.length() > 9 ? 1_000_000_000L : Long.parseLong(digits);
        millis += count * MILLIS[i];
      }
    }
    return Duration.ofMillis(millis);
  }

  static String printDuration(Duration duration) {
    long rest = duration.toMillis();
    if (rest == 0) {
      return "0s";
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < MILLIS.length; i++) {
      if (rest >= MILLIS[i]) {
        text.append(rest / MILLIS[i]).append(UNITS[i]);
        rest %= MILLIS[i];
      }
    }
    return text.toString();
  }

  /** One of a few words. */
  @SafeVarargs
  static <T> ValueType<T> oneOf(Map.Entry<String, T>... words) {
    Map<String, T> ordered = new LinkedHashMap<>();
    for (Map.Entry<String, T> word : words) {
      ordered.put(word.getKey(), word.getValue());
    }
    return scalar(
        text -> {
          T value = ordered.get(text.value());
          if (value == null) {
            // All numbers are near each other, so a suggestion would be none.
            boolean word = text.value().chars().anyMatch(Character::isLetter);
            String similar = word ? SimilarName.of(text.value(), ordered.keySet()) : null;
            throw new InvalidValueException(
                "expected %s, not %s%s"
                    .formatted(
                        String.join(" or ", ordered.keySet()),
                        text.shown(),
                        similar == null ? "" : "; did you mean " + similar + "?"));
          }
          return value;
        },
        value ->
            ordered.entrySet().stream()
                .filter(entry -> entry.getValue().equals(value))
                .map(Map.Entry::getKey)
                .map(word -> DIGITS.matcher(word.replace(".", "")).matches() ? quoted(word) : word)
                .findFirst()
                .orElseThrow());
  }

  /** An IP address; names are not looked up. */
  static ValueType<String> address() {
    return scalar(
        text -> {
          if (IpAddress.parse(text.value()) == null) {
            throw new InvalidValueException(
                "expected an IP address such as 0.0.0.0 or 127.0.0.1, not " + text.shown());
          }
          return text.value();
        },
        ValueType::quoted);
  }

  static ValueType<String> dnsName() {
    return scalar(
        text -> {
          if (!isDnsName(text.value())) {
            throw new InvalidValueException(
                "expected a name of lower case letters, digits, '-' and '.', not " + text.shown());
          }
          return text.value();
        },
        ValueType::quoted);
  }

  /** A host that a namespace is given, {@code shop/*.example.com}. */
  static ValueType<HostGrant> hostGrant() {
    return scalar(
        text -> {
          int slash = text.value().indexOf('/');
          String namespace = text.value().substring(0, Math.max(0, slash));
          String host = text.value().substring(slash + 1);
          String name = host.startsWith("*.") ? host.substring(2) : host;
          if (!DNS_LABEL.matcher(namespace).matches()
              || !(host.equals("*")
                  || (isDnsName(name) && !IPV4.matcher(name).matches()))) {
            throw new InvalidValueException(
                "expected NAMESPACE/HOST such as shop/shop.example.com, shop/*.example.com or"
                    + " shop/*, not "
                    + text.shown());
          }
          return new HostGrant(namespace, host);
        },
        grant -> quoted(grant.toString()));
  }

  /** A port of a Service, {@code shop/web:80}, or {@code off}. */
  static ValueType<Optional<DefaultBackend>> defaultBackend() {
    return scalar(
        text -> {
          if (text.value().equals("off") || text.value().equals("false")) {
            return Optional.empty();
          }
          Optional<DefaultBackend> backend = servicePort(text.value());
          if (backend.isEmpty()) {
            throw new InvalidValueException(
                "expected NAMESPACE/SERVICE:PORT such as web/sorry:80, or off, not "
                    + text.shown());
          }
          return backend;
        },
        backend -> backend.map(DefaultBackend::toString).map(ValueType::quoted).orElse("off"));
  }

  /**
   * A port that is passed on to a Service, {@code 9000=shop/db:5432}; {@code :PROXY} at the end
   * reads the PROXY protocol, {@code ::PROXY} writes it, {@code :PROXY:PROXY} does both.
   */
  static ValueType<PortService> portService(PortService.Transport transport) {
    return scalar(
        text -> {
          Matcher parts = PORT_SERVICE.matcher(text.value());
          String first = parts.matches() ? parts.group(1) : "0";
          int port = first.length() <= 5 ? Integer.parseInt(first) : 0;
          Optional<DefaultBackend> backend =
              parts.matches() ? servicePort(parts.group(2)) : Optional.empty();
          boolean proxy = parts.matches() && !parts.group(3).isEmpty();
          if (port < 1
              || port > 65_535
              || backend.isEmpty()
              || (proxy && transport == PortService.Transport.UDP)) {
            throw new InvalidValueException(
                "expected PORT=NAMESPACE/SERVICE:PORT such as "
                    + (transport == PortService.Transport.TCP
                        ? "9000=shop/db:5432, and perhaps :PROXY"
                        : "53=dns/resolver:53")
                    + ", not "
                    + text.shown());
          }
          return new PortService(
              transport,
              port,
              backend.get(),
              parts.group(3).startsWith(":PROXY"),
              parts.group(3).matches(":(PROXY)?:PROXY"));
        },
        service -> quoted(service.toString()));
  }

  /** A host and a port, {@code otel-collector.monitoring:4317} or {@code '[::1]:4317'}. */
  static ValueType<Tracing.Address> hostAndPort() {
    return scalar(
        text -> {
          Matcher parts = HOST_AND_PORT.matcher(text.value());
          int port = parts.matches() ? Integer.parseInt(parts.group(3)) : 0;
          String host =
              !parts.matches() ? "" : parts.group(1) != null ? parts.group(1) : parts.group(2);
          InetAddress address = IpAddress.parse(host);
          boolean known =
              (parts.matches() && parts.group(1) != null)
                  ? address != null && host.contains(":")
                  : (address != null || (isDnsName(host) && !IPV4.matcher(host).matches()));
          if (!known || port < 1 || port > 65_535) {
            throw new InvalidValueException(
                "expected HOST:PORT such as otel-collector.monitoring:4317, not " + text.shown());
          }
          return new Tracing.Address(host, port);
        },
        address -> quoted(address.toString()));
  }

  /** A share in percent, in hundredths of one; Helm puts what has a point into quotes. */
  static ValueType<Integer> percent() {
    return scalar(
        text -> {
          Matcher parts = PERCENT.matcher(text.value());
          int value =
              parts.matches()
                  ? Integer.parseInt(parts.group(1)) * 100
                      + (parts.group(2) == null
                          ? 0
                          : Integer.parseInt((parts.group(2) + "0").substring(0, 2)))
                  : -1;
          if (value < 0 || value > 10_000) {
            throw new InvalidValueException(
                "expected a number of percent from 0 to 100 with two digits behind the point at"
                    + " most, not "
                    + text.shown());
          }
          return value;
        },
        value -> BigDecimal.valueOf(value, 2).stripTrailingZeros().toPlainString());
  }

  /** A name as others show it: printable characters of ASCII. */
  static ValueType<String> label() {
    return matching(LABEL, 100, "1 to 100 printable characters of ASCII");
  }

  private static Optional<DefaultBackend> servicePort(String text) {
    Matcher parts = SERVICE_PORT.matcher(text);
    String port = parts.matches() ? parts.group(3) : "";
    boolean number = DIGITS.matcher(port).matches();
    int value = number && port.length() <= 5 ? Integer.parseInt(port) : 0;
    return parts.matches()
            && (number ? value >= 1 && value <= 65_535 : PORT_NAME.matcher(port).matches())
        ? Optional.of(
            new DefaultBackend(
                parts.group(1), parts.group(2), number ? null : port, number ? value : 0))
        : Optional.empty();
  }

  private static boolean isDnsName(String text) {
    return text.length() <= 253
        && Arrays.stream(text.split("\\.", -1))
            .allMatch(label -> DNS_LABEL.matcher(label).matches());
  }

  /** {@code spec.controller} of an IngressClass: a domain and a path. */
  static ValueType<String> controller() {
    return matching(CONTROLLER, 250, "a domain and a path such as example.com/ingress-controller");
  }

  static ValueType<String> contentType() {
    return matching(CONTENT_TYPE, 250, "a content type such as text/html, without parameters");
  }

  /** One of the request headers that are dropped, or a name that an entry of them covers. */
  static ValueType<String> clientHeader() {
    return scalar(
        text -> {
          String name = text.value().toLowerCase(Locale.ROOT);
          if (name.length() > 250 || !HEADER.matcher(name).matches()) {
            throw new InvalidValueException(
                "expected the name of a header, or its beginning and a *, not " + text.shown());
          }
          if (ClientHeaders.byHops().contains(name)) {
            throw new InvalidValueException(text.shown() + " is a matter of trustedHops");
          }
          if (ClientHeaders.isNeverPassed(name)) {
            throw new InvalidValueException(text.shown() + " is never passed on");
          }
          if (!ClientHeaders.canBeTrusted(name)) {
            String similar = SimilarName.of(name, ClientHeaders.trustable());
            throw new InvalidValueException(
                "%s is not on the list of what can be trusted%s"
                    .formatted(
                        text.shown(), similar == null ? "" : "; did you mean " + similar + "?"));
          }
          return name;
        },
        ValueType::quoted);
  }

  /**
   * What another class reads.
   *
   * @param reader throws IllegalArgumentException, with a clause that says why
   * @param printer to the text that is read
   */
  static <T> ValueType<T> parsed(
      String expected, Function<String, T> reader, Function<T, String> printer) {
    return scalar(
        text -> {
          try {
            return reader.apply(text.value());
          } catch (IllegalArgumentException e) {
            throw new InvalidValueException(
                "expected " + expected + ", not " + text.shown() + ": " + e.getMessage());
          }
        },
        value -> quoted(printer.apply(value)));
  }

  /** The same, or {@code off}. */
  static <T> ValueType<Optional<T>> parsedOrOff(
      String expected, Function<String, T> reader, Function<T, String> printer) {
    ValueType<T> type = parsed(expected + ", or off", reader, printer);
    return scalar(
        text ->
            text.value().equals("off") || text.value().equals("false")
                ? Optional.empty()
                : Optional.of(type.reader.read(List.of(text))),
        value -> value.map(type.printer).orElse("off"));
  }

  private static ValueType<String> matching(Pattern pattern, int longest, String expected) {
    return scalar(
        text -> {
          if (text.value().length() > longest || !pattern.matcher(text.value()).matches()) {
            throw new InvalidValueException("expected " + expected + ", not " + text.shown());
          }
          return text.value();
        },
        ValueType::quoted);
  }

  /** An absolute path of a file. */
  static ValueType<String> file() {
    return scalar(
        text -> {
          if (!text.value().startsWith("/") || text.value().chars().anyMatch(c -> c < ' ')) {
            throw new InvalidValueException(
                "expected an absolute path such as /dev/stdout, not " + text.shown());
          }
          return text.value();
        },
        ValueType::quoted);
  }

  /** Quotes what YAML would read as something else than this text. */
  private static String quoted(String text) {
    return (text.matches("[A-Za-z/][-A-Za-z0-9/._+]*") || IPV4.matcher(text).matches())
            && !text.matches("(?i)true|false|null|off|on|yes|no")
        ? text
        : "'" + text.replace("'", "''") + "'";
  }
}
