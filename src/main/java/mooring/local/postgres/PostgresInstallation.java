package mooring.local.postgres;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An unpacked PostgreSQL.
 *
 * @param major such as 16
 * @param version such as {@code 16.15}
 * @param home the directory that holds {@code bin}
 */
public record PostgresInstallation(int major, String version, Path home) {

  /** A command line for one of its programs, run as an account that PostgreSQL accepts. */
  List<String> command(String program, List<String> arguments) {
    List<String> command = new ArrayList<>(ServerAccount.commandPrefix());
    command.add(home.resolve("bin").resolve(program).toString());
    command.addAll(arguments);
    return command;
  }
}
