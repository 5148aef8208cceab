package io.isoline.translator.model;

/**
 * The route takes requests without TLS although its host asks for certificates of clients: by this
 * way an authority asks whether somebody has the host, before there is a certificate.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8555#section-8.3">RFC 8555, HTTP Challenge</a>
 */
public record OpenByPlainHttp() implements RouteOption {}
