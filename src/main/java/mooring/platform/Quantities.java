package mooring.platform;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Reads Kubernetes quantities in the units of the model. */
final class Quantities {
  private static final BigDecimal MIB = BigDecimal.valueOf(1L << 20);
  private static final BigDecimal MILLI = BigDecimal.valueOf(1_000);
  private static final int MIB_PER_GIB = 1024;

  private Quantities() {}

  /** As many MiB, in the largest unit that divides them, which is how servers write it. */
  static String size(int mib) {
    return mib % MIB_PER_GIB == 0 ? mib / MIB_PER_GIB + "Gi" : mib + "Mi";
  }

  /** MiB, rounded down; 0 when there is none. */
  static int mib(Object quantity) {
    BigDecimal bytes = amount(quantity);
    return bytes.divide(MIB, 0, RoundingMode.FLOOR).intValue();
  }

  /** Thousandths of a core, rounded down; 0 when there is none. */
  static int milli(Object quantity) {
    return amount(quantity).multiply(MILLI).setScale(0, RoundingMode.FLOOR).intValue();
  }

  /** A quantity may also be written as a bare number. */
  private static BigDecimal amount(Object quantity) {
    if (quantity == null) {
      return BigDecimal.ZERO;
    }
    try {
      return new Quantity(quantity.toString()).getNumericalAmount();
    } catch (IllegalArgumentException e) {
      return BigDecimal.ZERO;
    }
  }
}
