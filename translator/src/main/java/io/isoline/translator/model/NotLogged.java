package io.isoline.translator.model;

/** Leaves requests out of the access log. */
public record NotLogged() implements RouteOption {}
