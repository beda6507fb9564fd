package mooring.core;

/** Hears what the platform shows, in the platform's order. */
public interface ObservationListener {

  /**
   * Everything there is has been shown once.
   *
   * @param version the resource version as of which that holds
   */
  void synced(long version);

  /** One database looks different now. */
  void observed(Observation observation);
}
