package mooring.local.pods;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import mooring.local.postgres.Directories;

/**
 * The loopback address of each Pod. A name keeps its address as long as its StatefulSet is there,
 * since others have been told it.
 */
final class AddressBook {
  private static final int SIZE = 1 << 16;

  private final Path file;
  private final String salt;
  private final Map<String, String> addresses = new TreeMap<>();

  /** Reads what an earlier run has noted. */
  AddressBook(PodsConfig config) {
    file = config.directory().resolve("addresses");
    salt = config.directory() + " " + config.namespace() + " ";
    try {
      if (Files.exists(file)) {
        for (String line : Files.readAllLines(file)) {
          String[] words = line.split(" ", 2);
          addresses.put(words[0], words[1]);
        }
      }
    } catch (IOException e) {
      throw new PodsException("cannot read " + file, e);
    }
  }

  synchronized String addressOf(String pod) {
    String known = addresses.get(pod);
    if (known != null) {
      return known;
    }
    String chosen = free(pod);
    addresses.put(pod, chosen);
    write();
    return chosen;
  }

  synchronized void release(String pod) {
    if (addresses.remove(pod) != null) {
      write();
    }
  }

  private String free(String pod) {
    int start = (salt + pod).hashCode() & (SIZE - 1);
    for (int i = 0; i < SIZE; i++) {
      int number = (start + i) & (SIZE - 1);
      int last = number & 0xff;
      String candidate = "127.78." + (number >> 8) + "." + last;
      if (last > 0 && last < 0xff && !addresses.containsValue(candidate) && isOurs(candidate)) {
        return candidate;
      }
      if (i > 0xff && addresses.isEmpty()) {
        break; // this machine has no such loopback addresses
      }
    }
    return "127.0.0.1";
  }

  private static boolean isOurs(String address) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void write() {
    String lines =
        addresses.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue() + "\n")
            .collect(Collectors.joining());
    try {
      Directories.createPrivate(file.getParent());
      Directories.writePrivately(file, lines);
    } catch (IOException e) {
      throw new PodsException("cannot write " + file, e);
    }
  }
}
