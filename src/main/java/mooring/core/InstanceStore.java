package mooring.core;

import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * The durable record of what is wanted. Every method fails with a {@link ProblemException} holding
 * {@link Problem.Unavailable} while the store cannot be reached.
 */
public interface InstanceStore {

  /**
   * Accepts a database: instance, create operation and audit in one transaction, with an address
   * allotted for good.
   *
   * @param avoid addresses not allotted now, because something unknown holds them
   * @return the stored instance; {@link Problem.Conflict} when the handle, or a name that has to be
   *     unique, is taken, {@link Problem.Unavailable} when no address is left
   */
  Single<Instance> create(Draft draft, Set<Address> avoid);

  /**
   * Decides on a change with the row locked, and stores it with its operation, if it takes one, and
   * audit in one transaction. A delete ends the running operation as interrupted, and the stop of a
   * migration ends that; with any other change that takes one a running operation is {@link
   * Problem.Conflict}, as is a running delete with one that takes none.
   *
   * @param decide gets the locked instance; empty leaves it as it is; a {@link ProblemException}
   *     refuses
   * @return the instance after that; {@link Problem.NotFound} when the tenant has none such
   */
  Single<Instance> change(UUID tenant, String shortId, Function<Instance, Optional<Change>> decide);

  /**
   * Gives a database another name, whatever runs on it.
   *
   * @param unique whether another living database of the tenant must not have it
   * @param requestedBy the token that asked, for the audit
   * @return the instance after that; {@link Problem.NotFound}, {@link Problem.Conflict}
   */
  Single<Instance> rename(
      UUID tenant, String shortId, String name, boolean unique, UUID requestedBy);

  /** Finds a database of any tenant by its short id, tombstones included. */
  Maybe<Instance> find(String shortId);

  /** Finds a database of any tenant by its id, tombstones included. */
  Maybe<Instance> find(UUID id);

  /** Finds a tenant's living database by its handle. */
  Maybe<Instance> find(UUID tenant, String handle);

  /**
   * Finds a database of any tenant by an operation on it, tombstones included; with that operation
   * in the place of its latest.
   */
  Maybe<Instance> findByOperation(UUID operation);

  /** The decrypted credentials of a database, as clients are told them. */
  Single<Credentials> credentials(Instance instance);

  /**
   * The credentials that the server has to have: those with the new password while its reset runs
   * and its deadline has not passed by the database's clock.
   */
  Single<Credentials> wantedCredentials(Instance instance);

  /**
   * The decrypted passwords that the roles among a database's contents have to have, by the roles'
   * ids: the new one of a role that is being changed, as far as the given contents say so.
   */
  Single<Map<UUID, String>> rolePasswords(Instance instance);

  /** The decrypted password of the source of a database's migration; empty for none. */
  Single<String> migrationPassword(Instance instance);
}
