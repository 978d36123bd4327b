package dev.tarn.redis.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tarn.redis.RedisOptions.Tls;
import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLException;

/** Finds out what somebody speaks who does not answer to what we speak. Tells no secrets. */
final class Probe {

  private static final int PATIENCE_MILLIS = 1000;

  private Probe() {}

  /** Whether who listens there answers as TLS servers do, whatever its certificate. */
  static boolean speaksTls(Sockets sockets, Address address) {
    if (address.socket() != null) {
      return false;
    }
    try (Socket plain = sockets.connect(address)) {
      new TlsSockets(Tls.DEFAULT).over(plain, address).close();
      return true;
    } catch (SSLException e) {
      return TlsErrors.isAnswered(e);
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  /** Whether who listens there answers as Redis does without TLS. */
  static boolean speaksPlain(Sockets sockets, Address address) {
    try (Socket plain = sockets.connect(address)) {
      plain.setSoTimeout(PATIENCE_MILLIS);
      plain.getOutputStream().write("PING\r\n".getBytes(US_ASCII));
      int first = plain.getInputStream().read();
      return first == '+' || first == '-';
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }
}
