package mooring.platform.postgres;

/**
 * A file of the write-ahead log.
 *
 * @param timeline 8 hexadecimal digits
 * @param position 16 hexadecimal digits, which grow along all timelines
 */
record WalSegment(String timeline, String position) {
  private static final int TIMELINE = 8;

  static WalSegment of(String file) {
    return new WalSegment(file.substring(0, TIMELINE), file.substring(TIMELINE));
  }

  /**
   * Whether it is archived when another was the last one; a timeline goes on where it left the one
   * before, with the file in which that happened.
   *
   * @param last empty for none
   */
  boolean within(String last) {
    return !last.isEmpty()
        && timeline.compareTo(of(last).timeline) <= 0
        && position.compareTo(of(last).position) <= 0;
  }
}
