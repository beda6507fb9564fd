package mooring.local.operator;

/**
 * Everything that is needed to run a Cluster's primary.
 *
 * @param spec what the Cluster asks for
 * @param image what the catalogue names for its version
 * @param major the version
 * @param service the address
 * @param password the owner's
 * @param secretVersion the resourceVersion of the Secret the password is from
 */
record DatabasePlan(
    ClusterSpec spec,
    String image,
    int major,
    ClientService service,
    String password,
    String secretVersion) {

  /** Names no password. */
  @Override
  public String toString() {
    return "DatabasePlan[" + spec.name() + ", " + image + ", " + service + "]";
  }
}
