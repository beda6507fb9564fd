package mooring.core;

/** The published APIs. The order is that of the encoded forms a snapshot keeps. */
public enum Api {
  CLOUDHEED,
  UNCLOUD,
  IONOS,
  EXOSCALE
}
