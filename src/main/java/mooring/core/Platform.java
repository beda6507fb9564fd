package mooring.core;

import io.reactivex.rxjava3.core.Single;

/**
 * What makes wanted databases real. Both methods can be repeated at will, and fail with {@link
 * PlatformRefusedException} when trying again cannot help; every other failure is worth a retry.
 */
public interface Platform {

  /**
   * Applies everything a database needs. Only a create makes what carries its data; with every
   * other operation it is refused when that has gone. Nothing is changed that was changed after the
   * fence gave leave.
   */
  Single<Applied> apply(Instance instance, Credentials credentials, Fence fence);

  /**
   * Removes everything a database has, data included, as far as the platform and the fence allow by
   * now.
   *
   * @return whether nothing is left; otherwise to be called again after a while
   */
  Single<Boolean> delete(Instance instance, Fence fence);
}
