package mooring;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.event.KeyValuePair;

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

  @Test
  void whatNeedsNoEscapingIsSaidAsItIs() {
    LoggerContext context = new LoggerContext();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    LoggingEvent event =
        new LoggingEvent("", root, Level.WARN, "it's {}", null, new Object[] {"ü"});
    assertThat(LogFormat.layout(context).doLayout(event))
        .matches("\\S+Z level=WARN logger=ROOT msg=\"it's ü\" \\R");
    event.addKeyValuePair(new KeyValuePair("a", null));
    event.addKeyValuePair(new KeyValuePair("b", "c d"));
    assertThat(LogFormat.layout(context).doLayout(event))
        .endsWith(" msg=\"it's ü\" a=\"null\" b=\"c d\"" + System.lineSeparator());
    context.stop();
  }

  @Test
  void valuesEndWhereTheirQuotationMarksDo() {
    LoggerContext context = new LoggerContext();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    LoggingEvent event = new LoggingEvent("", root, Level.INFO, "no \"x\"", null, null);
    event.addKeyValuePair(new KeyValuePair("reason", "a \"\"\\\nb\u001b[2J\u2028\u0085c"));
    event.addKeyValuePair(new KeyValuePair("attempt", 2));
    assertThat(LogFormat.layout(context).doLayout(event))
        .endsWith(
            " level=INFO logger=ROOT msg=\"no \\\"x\\\"\""
                + " reason=\"a \\\"\\\"\\\\\\nb\\u001b[2J\\u2028\\u0085c\" attempt=\"2\""
                + System.lineSeparator());
    context.stop();
  }
}
