package mooring.platform;

/** How clients reach the Service of a database. */
public enum ServiceType {
  /** From inside the cluster only, by the Service's own name. */
  CLUSTER_IP("ClusterIP"),
  /** Through a load balancer, at an address or a host name of ours. */
  LOAD_BALANCER("LoadBalancer");

  private final String word;

  ServiceType(String word) {
    this.word = word;
  }

  /** The word for it in a Service's {@code spec.type}. */
  public String word() {
    return word;
  }
}
