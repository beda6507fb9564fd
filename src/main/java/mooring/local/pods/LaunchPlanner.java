package mooring.local.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Turns a Pod into a command of this machine, and puts in place what that needs. */
final class LaunchPlanner {
  /** Anything else would have to be quoted, in a different way in every place it is named. */
  private static final Pattern PLAIN_PATH = Pattern.compile("[A-Za-z0-9_./+@:,=-]+");

  private final PodsConfig config;
  private final WorkloadView view;
  private final AddressBook addresses;
  private final Mounts mounts;
  private final HostPrograms programs;
  private final ContainerEnvironment environments;

  LaunchPlanner(PodsConfig config, WorkloadView view, AddressBook addresses, VolumeKeeper volumes) {
    this.config = config;
    this.view = view;
    this.addresses = addresses;
    this.mounts = new Mounts(view, volumes);
    this.programs = new HostPrograms(config.searchPath());
    this.environments = new ContainerEnvironment(view);
  }

  /**
   * Plans, and writes the files that the container is given.
   *
   * @throws WaitingException when something is missing
   */
  Launch plan(Pod pod, PodDirectory directory) {
    if (pod.getSpec().getContainers().size() != 1 || !pod.getSpec().getInitContainers().isEmpty()) {
      throw new WaitingException(
          WaitingException.CONFIG, "the embedded default runs Pods of one container only");
    }
    Container container = pod.getSpec().getContainers().get(0);
    HostImage image = HostImages.of(container.getImage());
    Path server = programs.serverFor(image, container.getImage());
    if (!PLAIN_PATH.matcher(config.directory().toString()).matches()) {
      throw new WaitingException(
          WaitingException.CONFIG,
          "the data directory "
              + config.directory()
              + " has a space or a special character in its"
              + " path: choose another, or use a cluster");
    }
    Listening listening = listening(pod);
    directory.clearFiles();
    Map<String, Path> volumes = mounts.directories(pod, directory.mounts());
    Translation translation =
        new Translation(
            mountPaths(container, volumes),
            Translation.podNames(
                pod.getMetadata().getName(),
                pod.getSpec().getSubdomain(),
                declaredPort(container),
                name -> listening(sibling(pod, name))));
    mounts.write(pod, volumes, translation);
    directory.writePrograms(new ProgramScripts(programs).of(pod, image, server, listening));
    Map<String, String> environment = environments.of(pod, container, listening.own(), translation);
    return new Launch(
        command(container, image, environment, translation),
        complete(environment, directory),
        workingDirectory(container, image, directory, translation),
        listening,
        translation,
        new PodSecrets(view).values(pod));
  }

  /** Where the Pod would listen now: the addresses of its Services may change while it runs. */
  Listening listening(Pod pod) {
    Container container = pod.getSpec().getContainers().get(0);
    String name = pod.getMetadata().getName();
    Set<String> all = new LinkedHashSet<>();
    all.add(addresses.addressOf(name));
    int port = addresses.portOf(name).orElseGet(() -> declaredPort(container));
    List<ClientAddress> asked =
        view.servicesOf(pod).stream().flatMap(s -> ClientAddress.of(s).stream()).sorted().toList();
    for (ClientAddress address : asked) {
      all.add(address.host());
      port = address.port(); // one server listens at one port, the one that clients are told
    }
    return new Listening(List.copyOf(all), port);
  }

  private static int declaredPort(Container container) {
    return container.getPorts().stream()
        .map(ContainerPort::getContainerPort)
        .findFirst()
        .orElseGet(() -> HostImages.of(container.getImage()).defaultPort());
  }

  /** A member of the same StatefulSet, as Services select it, whether or not it is there now. */
  private static Pod sibling(Pod pod, String name) {
    return new PodBuilder(pod)
        .editMetadata()
        .withName(name)
        .addToLabels(SetObjects.POD_NAME, name)
        .endMetadata()
        .build();
  }

  private static Map<String, Path> mountPaths(Container container, Map<String, Path> volumes) {
    Map<String, Path> paths = new HashMap<>();
    for (VolumeMount mount : container.getVolumeMounts()) {
      Path directory = volumes.get(mount.getName());
      if (directory == null) {
        throw new WaitingException(
            WaitingException.CONFIG, "there is no volume \"" + mount.getName() + "\"");
      }
      String subPath = mount.getSubPath() == null ? "" : mount.getSubPath();
      paths.put(mount.getMountPath(), directory.resolve(subPath));
    }
    return paths;
  }

  private static List<String> command(
      Container container,
      HostImage image,
      Map<String, String> environment,
      Translation translation) {
    List<String> command = new ArrayList<>(container.getCommand());
    if (command.isEmpty()) {
      command.addAll(image.commandFor(container.getArgs()));
    } else {
      command.addAll(container.getArgs());
    }
    return command.stream()
        .map(translation::translate)
        .map(word -> Translation.expand(word, environment))
        .toList();
  }

  /** Nothing of this program's own environment reaches a container. */
  private Map<String, String> complete(Map<String, String> environment, PodDirectory directory) {
    Map<String, String> complete = new LinkedHashMap<>(environment);
    complete.put("PATH", directory.programs() + File.pathSeparator + programs.searchPath());
    complete.putIfAbsent("HOME", directory.path().toString());
    complete.putIfAbsent("LC_ALL", "C");
    complete.putIfAbsent("TZ", "UTC");
    return complete;
  }

  private static Path workingDirectory(
      Container container, HostImage image, PodDirectory directory, Translation translation) {
    String wanted =
        container.getWorkingDir() == null ? image.workingDirectory() : container.getWorkingDir();
    String translated = translation.translate(wanted);
    return translated.equals(wanted) ? directory.path() : Path.of(translated);
  }
}
