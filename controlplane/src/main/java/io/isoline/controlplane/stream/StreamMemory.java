package io.isoline.controlplane.stream;

/**
 * Says how much memory the clients of all streams may take together, and estimates how much they
 * take.
 *
 * <p>Names that the store has cost an entry in a table, as their characters are there once for all
 * streams. Any other costs its characters three times: where it is kept, in the answer that there is
 * no such resource, and on the way.
 */
public final class StreamMemory {

  /** The cost of a stream that asks for nothing. */
  static final long STREAM_BYTES = 32 << 10;

  private static final long NAME_BYTES = 64;
  private static final long STRANGE_CHARACTER_BYTES = 3;

  /**
   * Clients may take one part in so many of the heap; the rest is for the objects, and for what is
   * being sent.
   */
  private static final int PART_OF_HEAP = 4;

  private StreamMemory() {}

  /**
   * Estimates the bytes that names take.
   *
   * @param names that are remembered, those twice that the store does not have
   * @param strangeCharacters of the names that the store does not have
   */
  static long bytes(long names, long strangeCharacters) {
    return names * NAME_BYTES + strangeCharacters * STRANGE_CHARACTER_BYTES;
  }

  /** What a control plane with this heap allows, in bytes. */
  public static long limit(long maxHeapBytes) {
    return maxHeapBytes / PART_OF_HEAP;
  }
}
