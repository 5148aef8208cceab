package io.isoline.controlplane.config;

import io.isoline.translator.Settings;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A key of the configuration file that has fields below it.
 *
 * @param comment what its fields are about
 * @param isOn for a section that can be off as a whole: whether it is on; else null
 * @param shorthand the field that a lone word in place of the section sets, null for none
 */
record Section(
    String name, String comment, @Nullable Predicate<Settings> isOn, @Nullable String shorthand) {}
