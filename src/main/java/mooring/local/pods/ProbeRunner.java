package mooring.local.pods;

import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a probe once. */
final class ProbeRunner {
  private final HostPrograms programs;

  ProbeRunner(HostPrograms programs) {
    this.programs = programs;
  }

  /**
   * Whether it succeeds. A command that this machine does not have, and every kind of probe but a
   * command, is replaced by a TCP connection.
   */
  boolean succeeds(Probe probe, HostImage image, Launch launch) {
    Duration limit = Duration.ofSeconds(orElse(probe.getTimeoutSeconds(), 1));
    boolean command =
        probe.getExec() != null
            && image.clients().stream().allMatch(client -> programs.find(client).isPresent())
            && programs.find(probe.getExec().getCommand().get(0)).isPresent();
    return command
        ? run(probe.getExec().getCommand(), launch, limit)
        : connects(launch.listening(), limit);
  }

  private static boolean run(List<String> words, Launch launch, Duration limit) {
    // Through a shell, since the search path that counts is the container's.
    List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\"", "sh"));
    launch.translation().translate(words).stream()
        .map(word -> Translation.towards(launch.listening().own(), word))
        .forEach(command::add);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(launch.workingDirectory().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().putAll(launch.environment());
    Process process = null;
    try {
      process = builder.start();
      process.getOutputStream().close();
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      if (process != null) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
  }

  private static boolean connects(Listening listening, Duration limit) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(listening.own(), listening.port()), (int) limit.toMillis());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  static int orElse(Integer value, int fallback) {
    return value == null ? fallback : value;
  }
}
