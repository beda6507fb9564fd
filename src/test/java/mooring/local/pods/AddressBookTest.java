package mooring.local.pods;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AddressBookTest {
  @TempDir Path directory;

  @Test
  void eachPodHasAnAddressAndKeepsItOverARestart() {
    AddressBook book = new AddressBook(config());
    String first = book.addressOf("db-1-0");
    assertThat(first).startsWith("127.78.");
    assertThat(book.addressOf("db-1-1")).startsWith("127.78.").isNotEqualTo(first);
    assertThat(book.portOf("db-1-0")).isEmpty();

    AddressBook again = new AddressBook(config());
    assertThat(again.addressOf("db-1-0")).isEqualTo(first);
    again.release("db-1-0");
    assertThat(again.pods()).containsExactly("db-1-1");
    assertThat(new AddressBook(config()).pods()).containsExactly("db-1-1");
  }

  @Test
  void podsThatShareAnAddressHaveAPortEach() {
    AddressBook book = sharing();
    assertThat(book.addressOf("db-1-0")).isEqualTo("127.0.0.1");
    assertThat(book.portOf("db-1-0")).hasValue(25_433);
    assertThat(book.portOf("db-1-1")).hasValue(25_434);
    assertThat(sharing().portOf("db-1-1")).hasValue(25_434);
    book.release("db-1-0");
    assertThat(book.portOf("db-2-0")).hasValue(25_433);
  }

  /** As on a system without further loopback addresses, where the first port is taken. */
  private AddressBook sharing() {
    return new AddressBook(
        config(), (address, port) -> address.equals("127.0.0.1") && port != 25_432);
  }

  private PodsConfig config() {
    return new PodsConfig(directory, "default");
  }
}
