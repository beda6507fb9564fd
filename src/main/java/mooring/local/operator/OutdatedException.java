package mooring.local.operator;

/** An object has changed since it was looked at; it has to be looked at again. */
final class OutdatedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OutdatedException(String name, Throwable cause) {
    super(name + " has changed meanwhile", cause);
  }
}
