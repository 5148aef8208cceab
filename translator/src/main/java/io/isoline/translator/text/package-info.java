/** Text of people: words that they misspell, IP addresses. */
@org.jspecify.annotations.NullMarked
package io.isoline.translator.text;
