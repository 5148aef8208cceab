package io.isoline.translator.model;

/**
 * One thing that is done with the requests of a route on their way. Its values are final: what is
 * inherited from the settings was filled in before. A kind of option is a record, and has one writer.
 */
public interface RouteOption {}
