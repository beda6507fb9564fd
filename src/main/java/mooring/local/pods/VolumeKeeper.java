package mooring.local.pods;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import mooring.local.postgres.Directories;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a directory for each claim of a StatefulSet, and removes it when, and only when, the claim
 * is deleted and no Pod uses it. A finalizer keeps the claim until that is done.
 */
final class VolumeKeeper {
  static final String FINALIZER = "mooring.local/volume";
  private static final Logger log = LoggerFactory.getLogger(VolumeKeeper.class);

  private final PodsConfig config;
  private final WorkloadView view;
  private final ObjectWriter writer;

  VolumeKeeper(PodsConfig config, WorkloadView view, ObjectWriter writer) {
    this.config = config;
    this.view = view;
    this.writer = writer;
  }

  /** Returns whether there is nothing left to do until something changes. */
  boolean reconcile(String name) {
    PersistentVolumeClaim claim = view.claim(name);
    if (claim == null || !claim.getMetadata().getFinalizers().contains(FINALIZER)) {
      return true;
    }
    if (claim.getMetadata().getDeletionTimestamp() == null) {
      bind(claim);
      return true;
    }
    boolean used = view.pods().stream().anyMatch(pod -> PodFacts.claimNames(pod).contains(name));
    if (!used) {
      remove(claim);
    }
    return true;
  }

  private void bind(PersistentVolumeClaim claim) {
    if (!isBound(claim)) {
      create(claim);
    }
    Quantity size = claim.getSpec().getResources().getRequests().get("storage");
    var status = claim.getStatus();
    if (isBound(claim)
        && status.getCapacity() != null
        && Objects.equals(status.getCapacity().get("storage"), size)) {
      return;
    }
    Map<String, Object> fields = new HashMap<>();
    fields.put("phase", "Bound");
    fields.put("accessModes", claim.getSpec().getAccessModes());
    fields.put("capacity", Map.of("storage", size));
    writer.status(claim, fields);
  }

  private static boolean isBound(PersistentVolumeClaim claim) {
    return claim.getStatus() != null && "Bound".equals(claim.getStatus().getPhase());
  }

  private void create(PersistentVolumeClaim claim) {
    Path directory = directory(claim.getMetadata().getName());
    try {
      Directories.createPrivate(directory);
      if (!Files.exists(owner(directory)) && !Files.exists(directory.resolve("data"))) {
        Directories.writePrivately(owner(directory), claim.getMetadata().getUid() + "\n");
      }
      if (belongsTo(claim, directory)) { // before it was bound, no Pod was given it
        Directories.createPrivate(directory.resolve("data"));
      }
    } catch (IOException e) {
      throw new PodsException("cannot make " + directory, e);
    }
  }

  private void remove(PersistentVolumeClaim claim) {
    Path directory = directory(claim.getMetadata().getName());
    try {
      if (belongsTo(claim, directory)) {
        // What a removal that is broken off leaves has to be told from another claim's.
        Directories.delete(directory.resolve("data"));
        Directories.delete(directory);
        log.atInfo()
            .addKeyValue("claim", claim.getMetadata().getName())
            .log("Volume removed with its data");
      } else if (Files.exists(directory)) {
        log.atWarn()
            .addKeyValue("directory", directory)
            .log("The volume of another claim of the same name is left alone");
      }
    } catch (IOException e) {
      throw new PodsException("cannot remove " + directory, e);
    }
    List<String> finalizers = new ArrayList<>(claim.getMetadata().getFinalizers());
    finalizers.remove(FINALIZER);
    writer.metadata(claim, Map.of("finalizers", finalizers));
  }

  /** The directory that a container is given for a claim. */
  Path data(String name) {
    PersistentVolumeClaim claim = view.claim(name);
    if (claim == null || !isBound(claim)) {
      throw new WaitingException(
          WaitingException.CREATING, "persistentvolumeclaim \"" + name + "\" is not bound");
    }
    Path directory = directory(name);
    Path data = directory.resolve("data");
    if (!belongsTo(claim, directory)) {
      throw failed(name, "the directory " + directory + " belongs to another claim");
    }
    if (!Files.isDirectory(data)) {
      throw failed(name, "its directory " + data + " is gone");
    }
    return data;
  }

  private static WaitingException failed(String claim, String why) {
    return new WaitingException(
        WaitingException.CREATING,
        "MountVolume.SetUp failed for volume of claim \"" + claim + "\" : " + why);
  }

  private static boolean belongsTo(PersistentVolumeClaim claim, Path directory) {
    try {
      Path owner = owner(directory);
      return Files.exists(owner)
          && Files.readString(owner).trim().equals(claim.getMetadata().getUid());
    } catch (IOException e) {
      throw new PodsException("cannot read " + directory, e);
    }
  }

  /** Directories without a claim: reported, and otherwise left alone. */
  void reportAbandoned() {
    if (!Files.isDirectory(config.volumes())) {
      return;
    }
    try (Stream<Path> entries = Files.list(config.volumes())) {
      entries
          .filter(entry -> view.claim(entry.getFileName().toString()) == null)
          .forEach(
              entry ->
                  log.atWarn()
                      .addKeyValue("directory", entry)
                      .log("There is no claim for this volume; it is left alone"));
    } catch (IOException e) {
      throw new PodsException("cannot list " + config.volumes(), e);
    }
  }

  private Path directory(String claim) {
    return config.volumes().resolve(claim);
  }

  private static Path owner(Path directory) {
    return directory.resolve("claim-uid");
  }
}
