package mooring;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.DefaultJoranConfigurator;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.List;
import org.slf4j.Logger;

/**
 * What is logged, and how, unless a {@code logback.configurationFile} says otherwise. In code,
 * because to read XML at each start takes longer than anything else about logging.
 */
public final class LogFormat extends ContextAwareBase implements Configurator {
  private static final String LINE =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} level=%level logger=%logger{0} %values%n%ex{8}";

  private static final List<String> TALKATIVE =
      List.of("io.netty", "io.vertx", "io.fabric8", "org.flywaydb");

  /** Logs one stack trace per retry while the API server is away. */
  private static final String INFORMERS = "io.fabric8.kubernetes.client.informers.impl.cache";

  /** Logs a stack trace every 2 s while the API server is away; what matters we log ourselves. */
  private static final String DISCOVERY = "io.vertx.servicediscovery";

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    // A file comes first, but logback asks us before it looks for one.
    DefaultJoranConfigurator file = new DefaultJoranConfigurator();
    file.setContext(context);
    ExecutionStatus found = file.configure(context);
    if (found == ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY) {
      return found;
    }
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setLayout(layout(context));
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    TALKATIVE.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
    context.getLogger(INFORMERS).setLevel(Level.ERROR);
    context.getLogger(DISCOVERY).setLevel(Level.OFF);
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    root.addAppender(appender);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** How a line is laid out. */
  static PatternLayout layout(LoggerContext context) {
    PatternLayout layout = new PatternLayout();
    layout.setContext(context);
    layout.getInstanceConverterMap().put("values", LogValues::new);
    layout.setPattern(LINE);
    layout.start();
    return layout;
  }
}
