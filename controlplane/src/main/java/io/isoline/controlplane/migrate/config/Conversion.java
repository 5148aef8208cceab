package io.isoline.controlplane.migrate.config;

import com.google.protobuf.ByteString;
import io.isoline.controlplane.config.ConfigurationFile;
import io.isoline.controlplane.migrate.config.KeyVerdict.Outcome;
import io.isoline.controlplane.text.Printable;
import io.isoline.translator.Settings;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The ConfigMap of ingress-nginx as our configuration file.
 *
 * @param file the text of the file
 * @param settings what it sets, by path
 * @param verdicts of each key, the worst first
 */
public record Conversion(String file, Map<String, String> settings, List<KeyVerdict> verdicts) {

  /** Says that the conversion cannot be done at all; the message is for the user. */
  public static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    RefusedException(@Nullable String message) {
      super(message);
    }
  }

  /**
   * Converts what is in files.
   *
   * @param defaults whether what ingress-nginx does without a key is written, too
   * @throws RefusedException when they cannot be read, or have not exactly one ConfigMap of
   *     settings
   */
  public static Conversion of(List<Path> files, InputStream stdin, boolean defaults)
      throws RefusedException {
    List<NginxConfigMap> maps = new ArrayList<>();
    try {
      for (Path file : files) {
        maps.addAll(ConfigMapReader.read(file, stdin));
      }
    } catch (ConfigMapReader.UnreadableException e) {
      throw new RefusedException(e.getMessage());
    }
    return of(maps, defaults);
  }

  static Conversion of(List<NginxConfigMap> maps, boolean defaults) throws RefusedException {
    Set<String> referred = referred(maps);
    List<NginxConfigMap> main = new ArrayList<>();
    List<KeyVerdict> verdicts = new ArrayList<>();
    PortServices ports = new PortServices();
    for (NginxConfigMap map : maps) {
      if (map.isOfPorts()) {
        ports.add(map);
      } else if (referred.contains(map.name())) {
        headers(map, verdicts);
      } else {
        main.add(map);
      }
    }
    verdicts.addAll(ports.verdicts());
    if (main.size() > 1 || (main.isEmpty() && verdicts.isEmpty())) {
      throw new RefusedException(
          main.isEmpty()
              ? "there is no ConfigMap: get it by 'kubectl --namespace ingress-nginx get configmap"
                  + " ingress-nginx-controller -o yaml', or take the values of its Helm chart"
              : "there are several ConfigMaps, and one is wanted: "
                  + Printable.line(
                      String.join(", ", main.stream().map(NginxConfigMap::name).toList()), 300));
    }
    Draft draft = new Draft();
    ports.write(draft);
    if (!main.isEmpty()) {
      convert(main.getFirst(), defaults, draft, verdicts);
    }
    verdicts.sort(KeyVerdict.ORDER);
    String name = main.isEmpty() ? "" : main.getFirst().name();
    return new Conversion(draft.text(name), draft.settings(), List.copyOf(verdicts));
  }

  /** The ConfigMaps with headers that others name. */
  private static Set<String> referred(List<NginxConfigMap> maps) {
    Set<String> referred = new HashSet<>();
    for (NginxConfigMap map : maps) {
      for (String key : List.of("add-headers", "proxy-set-headers")) {
        NginxConfigMap.Entry entry = map.data().get(key);
        if (entry != null) {
          referred.add(entry.value());
        }
      }
    }
    return referred;
  }

  private static void headers(NginxConfigMap map, List<KeyVerdict> verdicts) {
    map.data()
        .forEach(
            (key, entry) ->
                verdicts.add(
                    new KeyVerdict(
                        map.name(),
                        key,
                        entry.value(),
                        entry.place(),
                        Outcome.NO_COUNTERPART,
                        "the header is not added to every request or answer",
                        "let the backends do it")));
  }

  private static void convert(
      NginxConfigMap map, boolean defaults, Draft draft, List<KeyVerdict> verdicts) {
    Map<String, NginxConfigMap.Entry> entries = new LinkedHashMap<>();
    if (defaults) {
      NginxKeys.DEFAULTS.forEach(
          (key, value) -> entries.put(key, new NginxConfigMap.Entry(value, "")));
    }
    entries.putAll(map.data());
    Function<String, String> others =
        key -> {
          NginxConfigMap.Entry entry = entries.get(key);
          return entry == null ? "" : entry.value();
        };
    entries.forEach(
        (key, entry) -> {
          Rule rule = NginxKeys.find(key);
          Fate fate = rule == null ? unknown(key) : rule.of(entry.value(), others);
          String otherwise = defaults ? NginxKeys.DEFAULTS.get(key) : null;
          if (rule != null
              && otherwise != null
              && fate instanceof Fate.Invalid
              && rule.of(otherwise, others) instanceof Fate.TakenOver instead) {
            draft.put(instead.settings(), key, false);
          }
          fate = checked(fate);
          boolean given = map.data().containsKey(key);
          if (fate instanceof Fate.TakenOver taken) {
            draft.put(taken.settings(), given ? key + ": " + entry.value() : key, given);
          }
          if (given) {
            verdicts.add(verdict(map.name(), key, entry, fate, rule == null));
          }
        });
  }

  private static Fate unknown(String key) {
    String meant = NginxKeys.meant(key);
    return new Fate.NoCounterpart(
        "ingress-nginx has no key of this name, and does nothing with it",
        meant == null ? "correct its name, or leave it out" : "did you mean " + meant + "?");
  }

  /** Takes nothing over that our configuration file would refuse. */
  private static Fate checked(Fate fate) {
    if (fate instanceof Fate.TakenOver taken && !taken.settings().isEmpty()) {
      Draft alone = new Draft();
      alone.put(taken.settings(), "", true);
      Settings base = Settings.defaults(ByteString.EMPTY, ByteString.EMPTY);
      if (ConfigurationFile.read(alone.text(""), "", base)
          instanceof ConfigurationFile.Rejected rejected) {
        return new Fate.NoCounterpart(
            "our setting cannot be that: " + rejected.problems().getFirst().message(),
            "set " + String.join(", ", taken.settings().keySet()) + " to what comes near");
      }
    }
    return fate;
  }

  private static KeyVerdict verdict(
      String configMap, String key, NginxConfigMap.Entry entry, Fate fate, boolean unknown) {
    Outcome outcome;
    String message;
    String fix = "";
    switch (fate) {
      case Fate.TakenOver(Map<String, String> settings, String difference) -> {
        outcome = difference.isEmpty() ? Outcome.TAKEN_OVER : Outcome.DIFFERS;
        message = "as " + words(settings) + (difference.isEmpty() ? "" : ": " + difference);
      }
      case Fate.AlreadySo(String why) -> {
        outcome = Outcome.ALREADY_SO;
        message = why;
      }
      case Fate.NotNeeded(String why) -> {
        outcome = Outcome.NOT_NEEDED;
        message = why;
      }
      case Fate.NoCounterpart(String what, String instead) -> {
        outcome = unknown ? Outcome.UNKNOWN : Outcome.NO_COUNTERPART;
        message = what;
        fix = instead;
      }
      case Fate.ProtectionLost(String what, String instead) -> {
        outcome = Outcome.PROTECTION_LOST;
        message = what;
        fix = instead;
      }
      case Fate.Invalid(String why) -> {
        outcome = Outcome.INVALID;
        message = why + "; ingress-nginx takes its default";
        fix = "correct it, or leave it out";
      }
    }
    return new KeyVerdict(configMap, key, entry.value(), entry.place(), outcome, message, fix);
  }

  private static String words(Map<String, String> settings) {
    List<String> words = new ArrayList<>();
    settings.forEach((path, value) -> words.add(path + ": " + value));
    words.sort(null);
    return String.join(", ", words);
  }
}
