package mooring.api;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.lang.reflect.Proxy;
import mooring.core.Problem;
import mooring.core.ProblemException;

/** A part of the store while PostgreSQL cannot be reached. */
final class Away {
  private Away() {}

  static <T> T of(Class<T> port) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) -> failing(method.getReturnType())));
  }

  private static Object failing(Class<?> type) {
    ProblemException down =
        new ProblemException(new Problem.Unavailable("the records cannot be reached", 2));
    if (type == Single.class) {
      return Single.error(down);
    }
    return type == Maybe.class ? Maybe.error(down) : Completable.error(down);
  }
}
