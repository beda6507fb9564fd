package mooring.local.postgres;

import java.util.ArrayList;
import java.util.List;
import org.postgresql.util.PasswordUtil;

/**
 * What a data directory holds when it is new.
 *
 * @param superuserPassword of the role {@link #SUPERUSER}
 * @param encoding of every database, such as {@code UTF8}
 * @param collate the locale that text is sorted by, such as {@code C}
 * @param characterType the locale that letters are told by
 * @param checksums whether pages carry checksums
 * @param statements run once in the database {@code postgres} as superuser
 */
public record Bootstrap(
    String superuserPassword,
    String encoding,
    String collate,
    String characterType,
    boolean checksums,
    List<String> statements) {
  /** The superuser's name. */
  public static final String SUPERUSER = "postgres";

  /**
   * A UTF-8 server with one role that owns one database.
   *
   * @param superuserPassword of the role {@link #SUPERUSER}
   * @param owner the role
   * @param ownerPassword its password
   * @param database the database it owns
   * @return the smallest useful bootstrap
   */
  public static Bootstrap of(
      String superuserPassword, String owner, String ownerPassword, String database) {
    return new Bootstrap(
        superuserPassword, "UTF8", "C", "C", true, ownedDatabase(owner, ownerPassword, database));
  }

  /**
   * Statements that make a role and its database; neither contains the password itself.
   *
   * @param owner the role
   * @param password its password
   * @param database the database it owns; {@code postgres} exists already and is handed over
   * @return the statements, in order
   */
  public static List<String> ownedDatabase(String owner, String password, String database) {
    List<String> statements = new ArrayList<>();
    String role = SqlText.identifier(owner);
    String login = " LOGIN PASSWORD " + SqlText.literal(verifier(password));
    statements.add((owner.equals(SUPERUSER) ? "ALTER ROLE " : "CREATE ROLE ") + role + login);
    statements.add(
        database.equals("postgres")
            ? "ALTER DATABASE postgres OWNER TO " + role
            : "CREATE DATABASE " + SqlText.identifier(database) + " OWNER " + role);
    return List.copyOf(statements);
  }

  /**
   * What is sent to the server in place of a password, so that the password itself is not.
   *
   * @param password as the client will send it
   * @return what PostgreSQL stores for it (RFC 5803)
   */
  public static String verifier(String password) {
    return PasswordUtil.encodeScramSha256(password.toCharArray());
  }

  /** Names no password. */
  @Override
  public String toString() {
    return "Bootstrap[encoding=" + encoding + ", statements=" + statements.size() + "]";
  }
}
