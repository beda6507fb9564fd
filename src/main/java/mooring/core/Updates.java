package mooring.core;

import io.reactivex.rxjava3.core.Maybe;

/** Tells of newer minor versions of what databases run. */
public interface Updates {

  /** The image of a newer minor version than a database runs; empty when there is none. */
  Maybe<String> newer(Instance instance);
}
