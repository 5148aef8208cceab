/** What the operator of Isoline chooses, a record for each part of the program that reads it. */
@org.jspecify.annotations.NullMarked
package io.isoline.translator.settings;
