package mooring.local.pods;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mooring.local.postgres.Directories;

/**
 * The loopback address of each Pod. A name keeps its address as long as its StatefulSet is there,
 * since others have been told it. Where there is one loopback address only, as on macOS, Pods share
 * it, each with a port of its own.
 */
final class AddressBook {
  private static final int SIZE = 1 << 16;
  private static final String SHARED = "127.0.0.1";

  /** After the ports of the databases that share an address, before those of outgoing calls. */
  private static final int FIRST_PORT = 25_432;

  private static final int LAST_PORT = 32_767;

  private final Path file;
  private final String salt;
  private final BiPredicate<String, Integer> bindable;
  private final Map<String, String> addresses = new TreeMap<>();

  /** Reads what an earlier run has noted. */
  AddressBook(PodsConfig config) {
    this(config, AddressBook::isFree);
  }

  /** Asks whether a port of an address can be listened at; port 0 stands for any. */
  AddressBook(PodsConfig config, BiPredicate<String, Integer> bindable) {
    this.bindable = bindable;
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

  String addressOf(String pod) {
    return placeOf(pod).split(":", 2)[0];
  }

  /** The port that a Pod listens at, when it cannot be the engine's own. */
  OptionalInt portOf(String pod) {
    String[] words = placeOf(pod).split(":", 2);
    return words.length == 1 ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(words[1]));
  }

  /** The Pods that have an address. */
  synchronized Set<String> pods() {
    return Set.copyOf(addresses.keySet());
  }

  private synchronized String placeOf(String pod) {
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
      if (last > 0
          && last < 0xff
          && !addresses.containsValue(candidate)
          && bindable.test(candidate, 0)) {
        return candidate;
      }
      if (i > 0xff && addresses.values().stream().allMatch(one -> one.startsWith(SHARED))) {
        break; // this machine has no such loopback addresses
      }
    }
    return IntStream.rangeClosed(FIRST_PORT, LAST_PORT)
        .filter(port -> !addresses.containsValue(SHARED + ":" + port))
        .filter(port -> bindable.test(SHARED, port))
        .mapToObj(port -> SHARED + ":" + port)
        .findFirst()
        .orElse(SHARED);
  }

  private static boolean isFree(String address, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
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
