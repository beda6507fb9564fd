package mooring.api;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import mooring.status.Encoded;

/**
 * A file served to browsers, held in memory.
 *
 * @param contentType its media type
 * @param encoded its bytes
 */
record WebResource(String contentType, Encoded encoded) {
  /**
   * What a page may do. Swagger UI styles itself from scripts, and draws its icons from data URLs.
   */
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
          + "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
          + "frame-ancestors 'none'";

  private static final String SWAGGER_UI = "META-INF/maven/org.webjars/swagger-ui/pom.properties";

  /** A file of our own. */
  static WebResource own(String file, String contentType) {
    return read("mooring/api/" + file, contentType);
  }

  /** A file of the Swagger UI on the class path, whatever its version. */
  static WebResource swaggerUi(String file, String contentType) {
    Properties about = new Properties();
    try (InputStream in = open(SWAGGER_UI)) {
      about.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String root = "META-INF/resources/webjars/swagger-ui/" + about.getProperty("version") + "/";
    return read(root + file, contentType);
  }

  private static WebResource read(String path, String contentType) {
    try (InputStream in = open(path)) {
      return new WebResource(contentType, Encoded.of(Buffer.buffer(in.readAllBytes())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String path) {
    InputStream in = WebResource.class.getClassLoader().getResourceAsStream(path);
    if (in == null) {
      throw new IllegalStateException(path + " is not on the class path");
    }
    return in;
  }
}
