/** Tests with random values: what holds for any of them, and the smallest for which it does not. */
@NullMarked
package io.isoline.tries;

import org.jspecify.annotations.NullMarked;
