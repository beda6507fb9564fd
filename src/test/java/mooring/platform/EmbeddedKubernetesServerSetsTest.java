package mooring.platform;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.nio.file.Path;
import mooring.local.kubernetes.EmbeddedServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The StatefulSets against the embedded API server; the test is their controller. */
@Tag("slow")
class EmbeddedKubernetesServerSetsTest extends ServerSetsContract {
  @TempDir static Path directory;
  private final EmbeddedServers servers = new EmbeddedServers();

  @Override
  Path kubeconfig() {
    return servers.start(directory).kubeconfig();
  }

  @Override
  boolean controlled() {
    return false;
  }

  @Override
  String storageClass() {
    return null;
  }

  @Override
  void bind(PersistentVolumeClaim claim) {
    // Every claim can grow here.
  }

  @Override
  @AfterAll
  void close() {
    try {
      super.close();
    } finally {
      servers.close();
    }
  }
}
