package dev.tarn.redis.wire;

import dev.tarn.error.Unavailable;
import java.io.EOFException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says what is wrong where client and server do not come to terms over TLS. */
final class TlsErrors {

  private TlsErrors() {}

  /** What a new attempt would not change; null for a connection that was lost. */
  static @Nullable Unavailable lasting(Throwable failure, Peer peer, Address address) {
    SSLException tls = cause(failure, SSLException.class);
    if (tls == null || cause(failure, EOFException.class) != null) {
      return null;
    }
    String[] said = said(tls, peer, address);
    return said.length == 0 ? null : unavailable(peer, address, said, failure);
  }

  static Unavailable noTls(Peer peer, Address address, Throwable failure) {
    return unavailable(peer, address, noTls(peer), failure);
  }

  private static String[] noTls(Peer peer) {
    return pair("it does not speak TLS", peer.plainly());
  }

  private static Unavailable unavailable(
      Peer peer, Address address, String[] said, Throwable failure) {
    return new Unavailable(
        "Cannot connect to %s: %s. %s".formatted(peer.at(address), said[0], said[1]), failure);
  }

  /** What is wrong, and what to do. */
  private static String[] said(SSLException e, Peer peer, Address address) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("unrecognized SSL message") || message.contains("plaintext connection")) {
      return noTls(peer);
    }
    if (message.contains("fatal alert")) {
      return alert(message.substring(message.indexOf(':') + 1).strip().toLowerCase(Locale.ROOT));
    }
    if (cause(e, CertificateExpiredException.class) != null) {
      return pair("its certificate has expired", "Renew it on the server.");
    }
    if (cause(e, CertificateNotYetValidException.class) != null) {
      return pair("its certificate is not valid yet", "Check the clocks of both machines.");
    }
    if (cause(e, CertPathBuilderException.class) != null
        || cause(e, CertPathValidatorException.class) != null) {
      return pair(
          "no trusted authority has given its certificate",
          "Name the PEM file of its authority by ca=….");
    }
    if (cause(e, CertificateException.class) != null) {
      return pair(
          "its certificate is for another host than %s".formatted(address.host()),
          "Connect by a name that it has, or write verify=authority to accept any.");
    }
    if (message.contains("No appropriate protocol") || message.contains("not accepted by client")) {
      return pair("it offers no protocol that is secure enough", "Let it offer TLS 1.2 or 1.3.");
    }
    return new String[0];
  }

  private static String[] alert(String alert) {
    return switch (alert) {
      case "certificate_required", "bad_certificate", "handshake_failure" ->
          pair(
              "it asks for a certificate of ours, and accepts no other (%s)".formatted(alert),
              "Give cert=… and key=…, of an authority that the server trusts.");
      case "unknown_ca",
          "certificate_unknown",
          "certificate_expired",
          "certificate_revoked",
          "unsupported_certificate",
          "decrypt_error" ->
          pair(
              "it does not accept our certificate (%s)".formatted(alert),
              "Give a cert=… that the server trusts, and the key=… that belongs to it.");
      case "protocol_version" ->
          pair("it offers no protocol that is secure enough", "Let it offer TLS 1.2 or 1.3.");
      case "unrecognized_name" ->
          pair("it knows no server of this name", "Connect by a name that it has.");
      default -> pair("it ended the handshake (%s)".formatted(alert), "Look into its log.");
    };
  }

  private static String[] pair(String why, String what) {
    return new String[] {why, what};
  }

  /** Whether it failed because of what a TLS server answered. */
  static boolean isAnswered(SSLException e) {
    String message = String.valueOf(e.getMessage());
    return cause(e, CertificateException.class) != null
        || cause(e, CertPathBuilderException.class) != null
        || message.contains("fatal alert");
  }

  private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> kind) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (kind.isInstance(e)) {
        return kind.cast(e);
      }
    }
    return null;
  }
}
