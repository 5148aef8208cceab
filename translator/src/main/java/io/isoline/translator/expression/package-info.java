/**
 * Regular expressions for paths, as ingress-nginx takes them: read, checked, and written as RE2 for
 * paths as Envoy sees them, in which all but plain characters is percent-encoded.
 */
@org.jspecify.annotations.NullMarked
package io.isoline.translator.expression;
