package dev.tarn.redis.wire;

import dev.tarn.error.InvalidRequest;
import dev.tarn.redis.RedisOptions.Tls;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Makes connections secure. Files are read once. Safe for use by several threads. */
final class TlsSockets {

  private static final char[] NO_PASSWORD = {};
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private final SSLContext context;
  private final boolean verifiesHost;

  TlsSockets(Tls options) {
    this.verifiesHost = options.verify() == Tls.Verification.HOST;
    try {
      this.context = SSLContext.getInstance("TLS");
      context.init(keys(options), authorities(options.authority()), null);
    } catch (GeneralSecurityException | IOException e) {
      throw new InvalidRequest(
          "Cannot connect to Redis: the certificates cannot be used: %s. Check ca, cert and key."
              .formatted(Link.reason(e)),
          e);
    }
  }

  private static TrustManager @Nullable [] authorities(@Nullable Path file)
      throws GeneralSecurityException, IOException {
    if (file == null) {
      return null;
    }
    KeyStore store = emptyStore();
    List<Certificate> certificates = PemFiles.certificates(file);
    for (int i = 0; i < certificates.size(); i++) {
      store.setCertificateEntry("authority-" + i, certificates.get(i));
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyManager @Nullable [] keys(Tls options)
      throws GeneralSecurityException, IOException {
    if (options.certificate() == null || options.key() == null) {
      return null;
    }
    KeyStore store = emptyStore();
    Certificate[] chain = PemFiles.certificates(options.certificate()).toArray(Certificate[]::new);
    store.setKeyEntry("own", PemFiles.key(options.key()), NO_PASSWORD, chain);
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  /** Makes the connection secure, or closes it. */
  SSLSocket over(Socket plain, Address address) throws IOException {
    try {
      var socket =
          (SSLSocket)
              context.getSocketFactory().createSocket(plain, address.host(), address.port(), true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setProtocols(PROTOCOLS);
      if (verifiesHost) {
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
      }
      if (isName(address.host())) {
        parameters.setServerNames(List.of(new SNIHostName(address.host())));
      }
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (IOException | RuntimeException e) {
      plain.close();
      throw e;
    }
  }

  private static boolean isName(String host) {
    return !host.matches("[0-9.]+") && host.matches("[A-Za-z0-9.-]*[A-Za-z0-9]");
  }
}
