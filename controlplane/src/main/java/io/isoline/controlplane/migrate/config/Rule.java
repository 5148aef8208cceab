package io.isoline.controlplane.migrate.config;

import io.isoline.translator.annotation.Annotations;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of a key, by its value and by the other keys. */
interface Rule {

  /**
   * What becomes of a value.
   *
   * @param others the values of all keys, the defaults of ingress-nginx among them
   */
  Fate of(String value, Function<String, String> others);

  /** The rule of a key that is about nginx itself. */
  static Rule notNeeded(String why) {
    return (value, others) -> new Fate.NotNeeded(why);
  }

  /** The rule of a key that asks for what Isoline cannot do. */
  static Rule none(String what, String instead) {
    return (value, others) -> new Fate.NoCounterpart(what, instead);
  }

  /**
   * The rule of a key for which Isoline has an annotation at most.
   *
   * @param what is not there without it, in words
   * @param annotation the key of the annotation that does the same for one Ingress
   */
  static Rule byIngress(String what, String annotation) {
    return (value, others) -> new Fate.NoCounterpart(what, instead(annotation));
  }

  /** The rule of a protection that Isoline does not give to all Ingresses. */
  static Rule protection(String what, @Nullable String annotation) {
    return (value, others) -> new Fate.ProtectionLost(what, instead(annotation));
  }

  private static String instead(@Nullable String annotation) {
    return annotation != null && Annotations.isKnown(Annotations.OWN_PREFIX + annotation)
        ? "write the annotation %s%s to the Ingresses that need it"
            .formatted(Annotations.OWN_PREFIX, annotation)
        : "let the backends do it, or what stands in front of Envoy";
  }

  /** This rule, unless the value asks for what Isoline does anyway. */
  default Rule unless(String soAnyway, String why) {
    return (value, others) -> isSame(value, soAnyway) ? new Fate.AlreadySo(why) : of(value, others);
  }

  private static boolean isSame(String value, String other) {
    Boolean flag = NginxValue.flag(value);
    return value.strip().equals(other)
        || (flag != null && !value.isEmpty() && flag.equals(NginxValue.flag(other)));
  }

  /** This rule, unless the value is empty, which asks for nothing. */
  default Rule unlessEmpty() {
    return (value, others) ->
        value.isBlank() ? new Fate.AlreadySo("an empty value counts as none") : of(value, others);
  }

  /** This rule, if another key is on. */
  default Rule within(String key) {
    return (value, others) -> {
      String other = others.apply(key);
      Boolean flag = NginxValue.flag(other);
      boolean off = flag == null ? other.isEmpty() : !flag;
      return off ? new Fate.NotNeeded("without " + key + " it means nothing") : of(value, others);
    };
  }

  /** The rule of a boolean. */
  static Rule flag(Function<Boolean, Fate> fate) {
    return (value, others) -> {
      Boolean flag = NginxValue.flag(value);
      return flag == null ? invalid(value, "is neither true nor false") : fate.apply(flag);
    };
  }

  /** The rule of a size, in bytes. */
  static Rule size(LongFunction<Fate> fate) {
    return (value, others) -> {
      Long bytes = NginxValue.bytes(value);
      return bytes == null ? invalid(value, "is no size such as 8m") : fate.apply(bytes);
    };
  }

  /** The rule of a time above zero, in milliseconds. */
  static Rule time(LongFunction<Fate> fate) {
    return (value, others) -> {
      Long millis = NginxValue.millis(value);
      return millis == null || millis == 0 || millis > 365L * 86_400_000
          ? invalid(value, "is no time from 1 second to a year")
          : fate.apply(millis);
    };
  }

  /** The rule of a whole number. */
  static Rule number(Function<Integer, Fate> fate) {
    return (value, others) -> {
      Integer number = NginxValue.integer(value);
      return number == null ? invalid(value, "is no whole number") : fate.apply(number);
    };
  }

  static Fate invalid(String value, String why) {
    return new Fate.Invalid("\"" + value + "\" " + why);
  }
}
