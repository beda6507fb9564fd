package mooring.core;

/** The published APIs. */
public enum Api {
  CLOUDHEED,
  UNCLOUD,
  IONOS,
  EXOSCALE
}
