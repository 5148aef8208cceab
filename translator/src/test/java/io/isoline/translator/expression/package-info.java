@org.jspecify.annotations.NullMarked
package io.isoline.translator.expression;
