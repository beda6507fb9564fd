package mooring;

/** Starts the control plane. */
public final class Mooring {
  private Mooring() {}

  /**
   * Starts the server.
   *
   * @param args none, or {@code tenant create NAME}
   */
  public static void main(String[] args) {
    System.out.println("mooring");
  }
}
