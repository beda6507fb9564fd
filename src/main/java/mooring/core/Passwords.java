package mooring.core;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Hashes of passwords, slow on purpose: {@code pbkdf2-sha256$iterations$salt$hash}. The work is
 * done on a few threads of its own, so that logins never take all the processors; what does not fit
 * in their short queue is refused.
 */
final class Passwords {
  private static final String ALGORITHM = "PBKDF2WithHmacSHA256";
  private static final String FORM = "pbkdf2-sha256";

  /** As the OWASP Password Storage Cheat Sheet (2023) has it for this algorithm. */
  private static final int ITERATIONS = 600_000;

  private static final int SALT_BYTES = 16;
  private static final int HASH_BITS = 256;
  private static final int WAITING = 16;
  private static final int IDLE_SECONDS = 10;
  private static final int RETRY_AFTER_SECONDS = 2;
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * Stands for the hash of nobody's password: no password has it, and to find out takes as long.
   */
  private static final String NOBODY =
      written(ITERATIONS, new byte[SALT_BYTES], new byte[HASH_BITS / Byte.SIZE]);

  private final ThreadPoolExecutor threads;
  private final Scheduler scheduler;

  Passwords() {
    int count = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    threads =
        new ThreadPoolExecutor(
            count,
            count,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            work -> {
              Thread thread = new Thread(work, "password-hash");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    scheduler = Schedulers.computation();
  }

  /** The hash of a new password. */
  Single<String> hash(String password) {
    return work(
        () -> {
          byte[] salt = new byte[SALT_BYTES];
          RANDOM.nextBytes(salt);
          return written(ITERATIONS, salt, derived(password, ITERATIONS, salt));
        });
  }

  /**
   * Whether a password has a hash.
   *
   * @param hash null for that of nobody, which takes the same time
   */
  Single<Boolean> matches(String password, String hash) {
    return work(() -> compare(password, hash == null ? NOBODY : hash));
  }

  private <T> Single<T> work(Callable<T> callable) {
    return Single.<T>create(
            emitter ->
                threads.execute(
                    () -> {
                      try {
                        emitter.onSuccess(callable.call());
                      } catch (Exception e) {
                        emitter.tryOnError(e);
                      }
                    }))
        // What follows must not hold up the next hash.
        .observeOn(scheduler)
        .onErrorResumeNext(
            failure ->
                Single.error(failure instanceof RejectedExecutionException ? busy() : failure));
  }

  private static ProblemException busy() {
    return new ProblemException(
        new Problem.Unavailable("too many logins at once", RETRY_AFTER_SECONDS));
  }

  private static boolean compare(String password, String hash) throws GeneralSecurityException {
    String[] parts = hash.split("\\$", -1);
    if (parts.length != 4 || !parts[0].equals(FORM)) {
      throw new IllegalStateException("a password hash of an unknown form is stored");
    }
    byte[] salt = Base64.getDecoder().decode(parts[2]);
    byte[] expected = Base64.getDecoder().decode(parts[3]);
    return MessageDigest.isEqual(expected, derived(password, Integer.parseInt(parts[1]), salt));
  }

  private static byte[] derived(String password, int iterations, byte[] salt)
      throws GeneralSecurityException {
    PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, HASH_BITS);
    try {
      return SecretKeyFactory.getInstance(ALGORITHM).generateSecret(spec).getEncoded();
    } finally {
      spec.clearPassword();
    }
  }

  private static String written(int iterations, byte[] salt, byte[] hash) {
    Base64.Encoder base64 = Base64.getEncoder();
    return FORM
        + "$"
        + iterations
        + "$"
        + base64.encodeToString(salt)
        + "$"
        + base64.encodeToString(hash);
  }
}
