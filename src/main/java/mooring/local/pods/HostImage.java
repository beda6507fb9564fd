package mooring.local.pods;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What stands in for an official image where there are no containers. */
interface HostImage {
  /** The last part of the image's name. */
  String repository();

  /** The server, as it is called in the image and on this machine. */
  String program();

  /** The program that clients use, as it is called in both. */
  String client();

  /** The programs that probes call. */
  default List<String> clients() {
    return List.of(client());
  }

  /** Finds the version in what the program says of itself: two numbers, and maybe a third. */
  Pattern version();

  /** Where it listens unless it is told another. */
  int defaultPort();

  /** What has the server listen there only, after other options. */
  List<String> serverOptions(Listening listening);

  /** What leads the client there, before other options. */
  List<String> clientOptions(Listening listening);

  /** Where it is started. */
  default String workingDirectory() {
    return "/";
  }

  /**
   * The name of the script in the place of the image's entry point; empty for an image whose server
   * makes its data by itself.
   */
  default String entryPoint() {
    return "";
  }

  /** Whether that calls the client. */
  default boolean needsClient() {
    return false;
  }

  /** Whether the server does not run as root. */
  default boolean refusesRoot() {
    return false;
  }

  /** What the image's entry point makes of arguments without a command. */
  default List<String> commandFor(List<String> arguments) {
    boolean onlyOptions =
        arguments.isEmpty()
            || arguments.get(0).startsWith("-")
            || arguments.get(0).endsWith(".conf");
    List<String> command = new ArrayList<>();
    if (onlyOptions) {
      command.add(program());
    }
    command.addAll(arguments);
    return command;
  }
}
