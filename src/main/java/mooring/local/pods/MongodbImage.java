package mooring.local.pods;

import java.util.List;
import java.util.regex.Pattern;

/** MongoDB. */
final class MongodbImage implements HostImage {
  private static final Pattern VERSION =
      Pattern.compile("db version v([0-9]+\\.[0-9]+)(\\.[0-9]+)?");

  @Override
  public String repository() {
    return "mongo";
  }

  @Override
  public String program() {
    return "mongod";
  }

  @Override
  public String client() {
    return "mongosh";
  }

  @Override
  public Pattern version() {
    return VERSION;
  }

  @Override
  public int defaultPort() {
    return 27017;
  }

  @Override
  public List<String> serverOptions(Listening listening) {
    return List.of(
        "--bind_ip",
        String.join(",", listening.addresses()),
        "--port",
        Integer.toString(listening.port()),
        "--nounixsocket");
  }

  /** Not the host, which must not be given twice: probes give it. */
  @Override
  public List<String> clientOptions(Listening listening) {
    return List.of("--port", Integer.toString(listening.port()));
  }

  @Override
  public String entryPoint() {
    return "mongod.sh";
  }

  /** The server has no other way to be given its first user. */
  @Override
  public boolean needsClient() {
    return true;
  }
}
