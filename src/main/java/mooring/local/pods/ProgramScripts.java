package mooring.local.pods;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import mooring.local.postgres.ServerAccount;

/**
 * What a container finds first on its search path: its programs, told where this container listens,
 * however its own scripts call them.
 */
final class ProgramScripts {
  private final HostPrograms programs;

  ProgramScripts(HostPrograms programs) {
    this.programs = programs;
  }

  /** The text of each script, by the name of the program. */
  Map<String, String> of(Pod pod, HostImage image, Path server, Listening listening) {
    Map<String, String> scripts = new HashMap<>();
    scripts.put(image.program(), server(image, server, listening));
    for (String name : image.clients()) {
      programs.find(name).ifPresent(client -> scripts.put(name, client(image, client, listening)));
    }
    scripts.put("hostname", "echo " + quoted(List.of(pod.getMetadata().getName())));
    return scripts;
  }

  private static String client(HostImage image, Path program, Listening listening) {
    List<String> words = new ArrayList<>(List.of(program.toString()));
    words.addAll(image.clientOptions(listening));
    return "exec " + quoted(words) + " \"$@\"";
  }

  /** An entry point is given functions for what only this machine knows. */
  private String server(HostImage image, Path program, Listening listening) {
    List<String> words = new ArrayList<>();
    if (image.refusesRoot()) {
      words.addAll(ServerAccount.commandPrefix());
    }
    words.add(program.toString());
    String command = quoted(words);
    String options = quoted(image.serverOptions(listening));
    if (image.entryPoint().isEmpty()) {
      return "exec " + command + " \"$@\" " + options;
    }
    String client = programs.find(image.client()).map(Path::toString).orElse(image.client());
    return """
    become() { exec %s "$@"; }
    serve() { become "$@" %s; }
    client() { %s "$@"; }
    """
            .formatted(command, options, quoted(List.of(client)))
        + resource("first-start.sh")
        + resource(image.entryPoint());
  }

  private static String resource(String name) {
    try (InputStream text = ProgramScripts.class.getResourceAsStream(name)) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new PodsException("cannot read " + name, e);
    }
  }

  private static String quoted(List<String> words) {
    return words.stream()
        .map(word -> "'" + word.replace("'", "'\\''") + "'")
        .collect(Collectors.joining(" "));
  }
}
