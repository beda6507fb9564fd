package mooring;

import java.io.IOException;

/** Programs of this machine that some tests want. */
public final class HostPrograms {
  private HostPrograms() {}

  /** Whether there is one that tells its version. */
  public static boolean have(String program) throws InterruptedException {
    try {
      return new ProcessBuilder(program, "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
