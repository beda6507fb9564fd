package mooring.local.postgres;

/** Quoting for the statements that take no parameters: roles, databases and their passwords. */
public final class SqlText {
  private SqlText() {}

  /**
   * Quotes a name.
   *
   * @param name a role's or database's name
   * @return it as an SQL identifier
   */
  public static String identifier(String name) {
    return '"' + checked(name).replace("\"", "\"\"") + '"';
  }

  /**
   * Quotes a text.
   *
   * @param value any text
   * @return it as an SQL string constant, whatever standard_conforming_strings says
   */
  public static String literal(String value) {
    String text = checked(value);
    String quoted = "'" + text.replace("'", "''").replace("\\", "\\\\") + "'";
    return text.indexOf('\\') < 0 ? quoted : " E" + quoted;
  }

  private static String checked(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a zero character in SQL");
    }
    return text;
  }
}
