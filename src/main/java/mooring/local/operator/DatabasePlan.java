package mooring.local.operator;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that is needed to run a Cluster's primary.
 *
 * @param spec what the Cluster asks for
 * @param image what the catalogue names for its version
 * @param major the version
 * @param service the address
 * @param password the owner's
 * @param secretVersion the resourceVersion of the Secret the password is from
 * @param archive where its write-ahead log is archived
 * @param recovery what its data is recovered from
 * @param origin whose data it begins with, and whom it may follow
 * @param followed whether other Clusters follow it
 * @param passwords the ones of managed roles that are at hand, by their Secrets' names
 * @param clientRules which clients are let in from where, as lines of {@code pg_hba.conf}
 */
record DatabasePlan(
    ClusterSpec spec,
    String image,
    int major,
    ClientService service,
    String password,
    String secretVersion,
    Optional<ArchiveTarget> archive,
    Optional<RecoverySource> recovery,
    Optional<Following> origin,
    boolean followed,
    Map<String, RolePassword> passwords,
    List<String> clientRules) {

  /**
   * A password and where it is from.
   *
   * @param secretVersion the Secret's resourceVersion
   * @param password what the Secret holds
   */
  record RolePassword(String secretVersion, String password) {
    /** Names no password. */
    @Override
    public String toString() {
      return "RolePassword[" + secretVersion + "]";
    }
  }

  /** With a server that listens elsewhere. */
  DatabasePlan at(ClientService address) {
    return new DatabasePlan(
        spec,
        image,
        major,
        address,
        password,
        secretVersion,
        archive,
        recovery,
        origin,
        followed,
        passwords,
        clientRules);
  }

  /** Names no password. */
  @Override
  public String toString() {
    return "DatabasePlan[" + spec.name() + ", " + image + ", " + service + "]";
  }
}
