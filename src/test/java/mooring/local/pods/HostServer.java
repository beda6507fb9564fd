package mooring.local.pods;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The programs of this machine that tests need or ask. */
public final class HostServer {
  private HostServer() {}

  /** The version that a command here says it has; without one of those the test is skipped. */
  public static String version(String command, String pattern, List<String> offered) {
    Matcher said = Pattern.compile(pattern).matcher(run(Map.of(), "sh", "-c", command));
    String found = said.find() ? said.group(1) : "none";
    assumeTrue(offered.contains(found), "`" + command + "` found " + found + ": skipped");
    return found;
  }

  /** All that a command says. */
  public static String run(Map<String, String> environment, String... words) {
    try {
      ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
