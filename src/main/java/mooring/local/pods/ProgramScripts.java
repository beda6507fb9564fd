package mooring.local.pods;

import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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
    List<String> options = image.serverOptions().apply(listening.addresses(), listening.port());
    scripts.put(
        image.program(),
        "exec " + quoted(List.of(server.toString())) + " \"$@\" " + quoted(options));
    programs
        .find(image.client())
        .ifPresent(
            client -> {
              List<String> words = new ArrayList<>(List.of(client.toString()));
              words.addAll(image.clientOptions().apply(listening.own(), listening.port()));
              scripts.put(image.client(), "exec " + quoted(words) + " \"$@\"");
            });
    scripts.put("hostname", "echo " + quoted(List.of(pod.getMetadata().getName())));
    return scripts;
  }

  private static String quoted(List<String> words) {
    return words.stream()
        .map(word -> "'" + word.replace("'", "'\\''") + "'")
        .collect(Collectors.joining(" "));
  }
}
