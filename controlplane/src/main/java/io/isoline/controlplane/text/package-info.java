/** Text of others: places in it, and how it is shown. */
@org.jspecify.annotations.NullMarked
package io.isoline.controlplane.text;
