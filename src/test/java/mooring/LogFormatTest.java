package mooring;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

class LogFormatTest {
  private static final String FILE = "logback.configurationFile";

  @Test
  void aConfigurationFileComesFirst(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("quiet.xml");
    Files.writeString(file, "<configuration><root level=\"ERROR\"/></configuration>");
    LoggerContext context = new LoggerContext();
    LogFormat format = new LogFormat();
    format.setContext(context);
    System.setProperty(FILE, file.toString());
    try {
      format.configure(context);
    } finally {
      System.clearProperty(FILE);
    }
    assertThat(context.getLogger(Logger.ROOT_LOGGER_NAME).getLevel()).isEqualTo(Level.ERROR);
    assertThat(context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders()).isExhausted();
    context.stop();
  }
}
