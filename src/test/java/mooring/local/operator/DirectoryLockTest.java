package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import mooring.local.postgres.PostgresException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
  @TempDir Path directory;

  @Test
  void isHeldByOneAtATime() {
    DirectoryLock first = DirectoryLock.take(directory);

    assertThatThrownBy(() -> DirectoryLock.take(directory))
        .isInstanceOf(PostgresException.class)
        .hasMessage("another operator already works in " + directory);

    first.close();
    DirectoryLock.take(directory).close();
  }
}
