package mooring.local.pods;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Redis on the {@code PATH}. */
public final class RedisHere {
  private static final Pattern OFFERED = Pattern.compile("v=(7\\.[02])\\.");

  private RedisHere() {}

  /** Its version, {@code 7.0} or {@code 7.2}; without one of them the test is skipped. */
  public static String version() throws IOException {
    String said = run(List.of("sh", "-c", "redis-server --version && redis-cli --version"));
    Matcher matcher = OFFERED.matcher(said);
    boolean found = matcher.find();
    assumeTrue(found, "no redis-server 7.0 or 7.2 with its redis-cli is on the PATH: skipped");
    return matcher.group(1);
  }

  /** The other of the versions that are offered. */
  public static String otherThan(String version) {
    return version.equals("7.0") ? "7.2" : "7.0";
  }

  /** What {@code redis-cli} says to one command; its exit status tells nothing. */
  public static String cli(List<String> server, String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("redis-cli", "--no-auth-warning"));
    command.addAll(server);
    command.addAll(List.of(words));
    return run(command);
  }

  private static String run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }
}
