/** Words that people misspell. */
@org.jspecify.annotations.NullMarked
package io.isoline.controlplane.text;
