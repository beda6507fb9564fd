package mooring.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Part of the build: puts each contract beside its YAML as JSON, which is read in no time. */
public final class ContractsToJson {
  private static final String YAML = ".yaml";

  private ContractsToJson() {}

  /**
   * Converts all of a directory.
   *
   * @param args the directory of the YAML documents, and that of the JSON documents
   */
  public static void main(String[] args) throws IOException {
    ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
    Path target = Files.createDirectories(Path.of(args[1]));
    try (DirectoryStream<Path> documents = Files.newDirectoryStream(Path.of(args[0]), "*" + YAML)) {
      for (Path document : documents) {
        String name = document.getFileName().toString().replace(YAML, Contract.JSON);
        Files.writeString(target.resolve(name), yaml.readTree(document.toFile()).toString());
      }
    }
  }
}
