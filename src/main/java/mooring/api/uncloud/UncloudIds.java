package mooring.api.uncloud;

/** The prefixes of this API's ids. */
final class UncloudIds {
  static final String DATABASE = "db_";
  static final String TOKEN = "tok_";

  private UncloudIds() {}
}
