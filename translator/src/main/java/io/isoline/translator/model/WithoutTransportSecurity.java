package io.isoline.translator.model;

/** Leaves Strict-Transport-Security out of answers, whatever the host says. */
public record WithoutTransportSecurity() implements RouteOption {}
