package mooring;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One step of stopping. */
@FunctionalInterface
interface StopStep {
  /** Logger of all of them. */
  Logger LOG = LoggerFactory.getLogger(StopStep.class);

  void run() throws Exception;

  /** Runs it; a failure is logged, because the next step has to be taken all the same. */
  static void attempt(String name, StopStep step) {
    try {
      step.run();
    } catch (Exception | Error e) {
      LOG.atWarn().addKeyValue("part", name).setCause(e).log("did not stop cleanly");
    }
  }
}
