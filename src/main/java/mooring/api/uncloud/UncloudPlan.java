package mooring.api.uncloud;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mooring.api.CustomSize;
import mooring.core.InstanceSpec;

/**
 * A size in Uncloud's words: {@code db-s-{n}vcpu-{m}gb}. The catalogue of plans is not published,
 * so every plan of that form within bounds is one.
 */
record UncloudPlan(String id, int cpus, int memoryGb) {
  static final int MAX_CPUS = 64;
  static final int MAX_MEMORY_GB = 512;

  private static final Pattern FORM =
      Pattern.compile("db-s-([1-9][0-9]{0,2})vcpu-([1-9][0-9]{0,2})gb");
  private static final int MILLI = 1000;
  private static final int MIB_PER_GB = 1024;

  static Optional<UncloudPlan> parse(String id) {
    Matcher form = FORM.matcher(id);
    if (!form.matches()) {
      return Optional.empty();
    }
    UncloudPlan plan =
        new UncloudPlan(id, Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
    boolean inBounds = plan.cpus <= MAX_CPUS && plan.memoryGb <= MAX_MEMORY_GB;
    return inBounds ? Optional.of(plan) : Optional.empty();
  }

  /** The plan to show for a size: the one it was made with, as long as it still has that size. */
  static String shown(String madeWith, InstanceSpec spec) {
    boolean unchanged =
        madeWith != null && parse(madeWith).filter(plan -> plan.fits(spec)).isPresent();
    return unchanged ? madeWith : CustomSize.name(spec);
  }

  int cpuMilli() {
    return cpus * MILLI;
  }

  int memoryMib() {
    return memoryGb * MIB_PER_GB;
  }

  private boolean fits(InstanceSpec spec) {
    return cpuMilli() == spec.cpuMilli() && memoryMib() == spec.memoryMib();
  }
}
