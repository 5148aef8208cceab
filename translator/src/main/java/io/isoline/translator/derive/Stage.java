package io.isoline.translator.derive;

/** A part of a {@link Derivation}, at its place in the order. */
abstract class Stage {

  final Derivation derivation;
  final int position;

  Stage(Derivation derivation, int position) {
    this.derivation = derivation;
    this.position = position;
  }

  /** A cell has neither content nor readers any more. */
  void forget(Cell cell) {}
}
