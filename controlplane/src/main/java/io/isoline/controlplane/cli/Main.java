package io.isoline.controlplane.cli;

/** The program {@code isoline}. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.out.println("isoline " + Main.class.getPackage().getImplementationVersion());
  }
}
