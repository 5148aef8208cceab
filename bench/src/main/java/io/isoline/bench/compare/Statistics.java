package io.isoline.bench.compare;

/** Of ascending values. */
final class Statistics {

  private Statistics() {}

  /**
   * The smallest value that at least this share does not exceed.
   *
   * @return NaN when there is no value
   */
  static double quantile(double[] ascending, double share) {
    return ascending.length == 0
        ? Double.NaN
        : ascending[Math.max(0, (int) Math.ceil(share * ascending.length) - 1)];
  }

  /** The one in the middle, or the mean of the two. */
  static double median(double[] ascending) {
    int half = ascending.length / 2;
    return ascending.length == 0 || ascending.length % 2 == 1
        ? quantile(ascending, 0.5)
        : (ascending[half - 1] + ascending[half]) / 2;
  }
}
