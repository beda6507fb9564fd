package mooring.local.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BuildOptionsTest {
  private final BuildOptions options = new BuildOptions();

  /** The build fetches servers without either. */
  @Test
  void leavesOutWhatAnInstallationWasBuiltWithout() {
    assertThat(
            options.available(
                TestBinaries.ALL.installation(18),
                Map.of(
                    "default_toast_compression",
                    "LZ4",
                    "io_method",
                    "io_uring",
                    "work_mem",
                    "8MB")))
        .isEqualTo(Map.of("work_mem", "8MB"));
    assertThat(
            options.available(
                TestBinaries.ALL.installation(14), Map.of("default_toast_compression", "lz4")))
        .isEmpty();
  }

  @Test
  void whatIsRefusedForAnotherReasonStays() {
    Map<String, String> settings =
        Map.of("default_toast_compression", "zip", "io_method", "io_uring", "work_mem", "much");

    assertThat(options.available(TestBinaries.ALL.installation(16), settings)).isEqualTo(settings);
  }
}
