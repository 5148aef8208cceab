package io.isoline.controlplane.cli;

import io.isoline.translator.text.SimilarName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads an option that takes one of a few words; a message about any other word lists them as users
 * write them.
 */
final class WordConverter<E extends Enum<E>> implements ITypeConverter<E> {

  private final Class<E> type;

  private WordConverter(Class<E> type) {
    this.type = type;
  }

  /** Registers this converter for all such options of the commands. */
  static void register(CommandLine line) {
    for (CommandLine command : List.copyOf(line.getSubcommands().values())) {
      for (ArgSpec option : command.getCommandSpec().args()) {
        if (option.type().isEnum()) {
          register(line, option.type());
        }
      }
      register(command);
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // picocli knows the type at run time only
  private static void register(CommandLine line, Class<?> type) {
    line.registerConverter((Class) type, new WordConverter(type));
  }

  @Override
  public E convert(String value) {
    List<String> words = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      String word = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
      if (SimilarName.plain(word).equals(SimilarName.plain(value))) {
        return constant;
      }
      words.add(word);
    }
    String similar = SimilarName.of(value, words);
    throw new TypeConversionException(
        "expected "
            + String.join(", ", words.subList(0, words.size() - 1))
            + " or "
            + words.getLast()
            + " but was '"
            + value
            + "'"
            + (similar == null ? "" : "; did you mean " + similar + "?"));
  }
}
