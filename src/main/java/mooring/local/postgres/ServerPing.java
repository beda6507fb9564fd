package mooring.local.postgres;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks a server, as {@code pg_isready} does, whether it takes connections. The request for a
 * session is the least that tells: a server that is starting, recovering or stopping answers the
 * question for TLS before it as any other, and would log that nothing came after it. There is no
 * log in, so what a client has taken of the server's connections is free again at once.
 */
public final class ServerPing {
  /**
   * The line of {@code pg_hba.conf} by which it is asked for a password; else each ping would be
   * refused, and that logged, where clients have to use TLS.
   */
  public static final String CLIENT_RULE =
      "hostnossl postgres " + Bootstrap.SUPERUSER + " samehost scram-sha-256";

  private static final int PROTOCOL = 3 << 16;
  private static final byte[] REQUEST = request();
  private static final int MOST_BYTES = 1 << 16;
  private static final Pattern SQL_STATE = Pattern.compile("\0C([0-9A-Z]{5})\0");

  /** The server is starting, recovering or stopping. */
  private static final String CANNOT_CONNECT_NOW = "57P03";

  private ServerPing() {}

  /**
   * Blocks until there is an answer, or none in time.
   *
   * @param server where it listens
   * @param limit how long it has
   * @return whether it takes connections, be it that it refuses this one
   * @throws IOException when it cannot be asked, which says nothing of it
   */
  public static boolean isAnswered(ServerConfiguration server, Duration limit) throws IOException {
    try (SocketChannel channel = SocketChannel.open()) {
      return isAnswered(channel.socket(), server, limit);
    }
  }

  private static boolean isAnswered(Socket socket, ServerConfiguration server, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      socket.connect(new InetSocketAddress(server.host(), server.port()), left(deadline));
      socket.getOutputStream().write(REQUEST);
      // The kernel takes connections for a process that hangs: only its own word counts.
      socket.setSoTimeout(left(deadline));
      return isWelcome(new DataInputStream(socket.getInputStream()));
    } catch (IOException e) {
      return false;
    }
  }

  private static int left(long deadline) {
    return (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
  }

  /** Reads the message to its end: a server logs the loss of what it has sent. */
  private static boolean isWelcome(DataInputStream answer) throws IOException {
    int type = answer.readUnsignedByte();
    int length = answer.readInt() - Integer.BYTES;
    if (length < 0 || length > MOST_BYTES) {
      return false; // a server that cannot fork says so in another form
    }
    String body = new String(answer.readNBytes(length), StandardCharsets.ISO_8859_1);
    if (type == 'R') { // how to authenticate
      return true;
    }
    Matcher state = SQL_STATE.matcher("\0" + body);
    return type == 'E' && state.find() && !state.group(1).equals(CANNOT_CONNECT_NOW);
  }

  private static byte[] request() {
    String words = "user\0" + Bootstrap.SUPERUSER + "\0database\0postgres\0\0";
    byte[] parameters = words.getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream message = new DataOutputStream(bytes);
    try {
      message.writeInt(2 * Integer.BYTES + parameters.length);
      message.writeInt(PROTOCOL);
      message.write(parameters);
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail", e);
    }
    return bytes.toByteArray();
  }
}
