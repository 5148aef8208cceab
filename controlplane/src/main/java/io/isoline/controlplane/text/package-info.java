/** Text of others: words that are misspelled, places in it, and how it is shown. */
@org.jspecify.annotations.NullMarked
package io.isoline.controlplane.text;
