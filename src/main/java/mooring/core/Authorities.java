package mooring.core;

import io.reactivex.rxjava3.core.Single;

/** The certificate authorities by which the servers of databases are known. */
@FunctionalInterface
public interface Authorities {

  /**
   * The certificate of a database's authority, in PEM; fails while it cannot be had, with a {@link
   * SourceSilentException} when there is none yet.
   */
  Single<String> of(Instance instance);
}
