package mooring.local.operator;

/** The words that CloudNativePG puts into a Cluster's {@code status.phase}. */
enum Phase {
  SETTING_UP_PRIMARY("Setting up primary"),
  CREATING_REPLICA("Creating a new replica"),
  WAITING_FOR_INSTANCES("Waiting for the instances to become active"),
  FAILING_OVER("Failing over"),
  RESTARTING_PRIMARY("Primary instance is being restarted in-place"),
  UPGRADING("Upgrading cluster"),
  APPLYING_CONFIGURATION("Applying configuration"),
  HEALTHY("Cluster in healthy state"),
  PROMOTING("Promoting to primary cluster"),
  UPGRADING_MAJOR("Upgrading Postgres major version"),
  UNRECOVERABLE("Cluster is unrecoverable and needs manual intervention"),
  INVALID_DEFINITION("Invalid cluster definition"),
  INVALID_CATALOG("Cluster has incomplete or invalid image catalog");

  private final String text;

  Phase(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }
}
