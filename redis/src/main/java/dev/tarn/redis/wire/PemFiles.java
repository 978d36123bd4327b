package dev.tarn.redis.wire;

import dev.tarn.error.InvalidRequest;
import dev.tarn.error.Unavailable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads certificates and keys as openssl writes them. */
final class PemFiles {

  private static final Pattern KEY =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]*)PRIVATE KEY-----([^-]*)-----END");

  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

  private PemFiles() {}

  /** All certificates of a file, in its order. */
  static List<Certificate> certificates(Path file) {
    try {
      var factory = CertificateFactory.getInstance("X.509");
      List<Certificate> found =
          List.copyOf(factory.generateCertificates(new ByteArrayInputStream(read(file))));
      if (found.isEmpty()) {
        throw noCertificate(file, null);
      }
      return found;
    } catch (CertificateException e) {
      throw noCertificate(file, e);
    }
  }

  private static InvalidRequest noCertificate(Path file, @Nullable CertificateException e) {
    return new InvalidRequest(
        "Cannot connect to Redis: %s holds no certificate. Give a PEM file, with -----BEGIN CERTIFICATE----- in it."
            .formatted(file),
        e);
  }

  /** The key of a file. */
  static PrivateKey key(Path file) {
    Matcher match = KEY.matcher(new String(read(file), StandardCharsets.ISO_8859_1));
    if (!match.find()) {
      throw new InvalidRequest(
          "Cannot connect to Redis: %s holds no private key. Give a PEM file, with -----BEGIN PRIVATE KEY----- in it."
              .formatted(file));
    }
    if (!match.group(1).isEmpty()) {
      throw new InvalidRequest(
          "Cannot connect to Redis: the key in %s is not plain PKCS #8. Convert it by: openssl pkcs8 -topk8 -nocrypt -in %s -out new.key"
              .formatted(file, file));
    }
    return key(file, match.group(2).replaceAll("\\s", ""));
  }

  private static PrivateKey key(Path file, String base64) {
    @Nullable Exception refused = null;
    for (String algorithm : ALGORITHMS) {
      try {
        var encoded = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64));
        return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
      } catch (GeneralSecurityException | IllegalArgumentException e) {
        refused = e;
      }
    }
    throw new InvalidRequest(
        "Cannot connect to Redis: the key in %s cannot be read. Give one of RSA, EC or Ed25519."
            .formatted(file),
        refused);
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new Unavailable(
          "Cannot connect to Redis: there is no file %s. Check ca, cert and key.".formatted(file),
          e);
    } catch (IOException e) {
      throw new Unavailable(
          "Cannot connect to Redis: %s cannot be read: %s. Check ca, cert and key."
              .formatted(file, Link.reason(e)),
          e);
    }
  }
}
