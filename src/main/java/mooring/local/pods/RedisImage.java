package mooring.local.pods;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Redis: its server makes its files by itself. */
final class RedisImage implements HostImage {
  private static final Pattern VERSION = Pattern.compile("v=([0-9]+\\.[0-9]+)(\\.[0-9]+)?");

  @Override
  public String repository() {
    return "redis";
  }

  @Override
  public String program() {
    return "redis-server";
  }

  @Override
  public String client() {
    return "redis-cli";
  }

  @Override
  public Pattern version() {
    return VERSION;
  }

  @Override
  public int defaultPort() {
    return 6379;
  }

  @Override
  public List<String> serverOptions(Listening listening) {
    List<String> options = new ArrayList<>(List.of("--bind"));
    options.addAll(listening.addresses());
    options.addAll(List.of("--port", Integer.toString(listening.port()), "--daemonize", "no"));
    return options;
  }

  @Override
  public List<String> clientOptions(Listening listening) {
    return List.of("-h", listening.own(), "-p", Integer.toString(listening.port()));
  }

  @Override
  public String workingDirectory() {
    return "/data";
  }
}
