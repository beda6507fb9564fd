package mooring.local.pods;

/**
 * Something that has to be looked at.
 *
 * @param kind of the object
 * @param name of the object
 */
record Key(Kind kind, String name) {
  enum Kind {
    SET,
    POD,
    CLAIM
  }

  static Key set(String name) {
    return new Key(Kind.SET, name);
  }

  static Key pod(String name) {
    return new Key(Kind.POD, name);
  }

  static Key claim(String name) {
    return new Key(Kind.CLAIM, name);
  }

  static Key parse(String text) {
    int slash = text.indexOf('/');
    return new Key(Kind.valueOf(text.substring(0, slash)), text.substring(slash + 1));
  }

  @Override
  public String toString() {
    return kind + "/" + name;
  }
}
