package mooring.local.operator;

/**
 * What {@code spec.postgresql.synchronous} asks for.
 *
 * @param method {@code any} or {@code first}
 * @param number how many standbys have to confirm a commit; 0: none
 * @param required whether commits wait while there are too few standbys
 */
record Synchronous(String method, int number, boolean required) {
  static Synchronous of(Fields fields) {
    String[] path = {"spec", "postgresql", "synchronous"};
    return new Synchronous(
        "first".equals(fields.text("any", path[0], path[1], path[2], "method")) ? "first" : "any",
        fields.number(0, path[0], path[1], path[2], "number"),
        !"preferred".equals(fields.text("", path[0], path[1], path[2], "dataDurability")));
  }
}
