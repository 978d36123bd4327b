package dev.tarn.testkit.redis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * An authority of its own, a server's certificate and a client's, made by openssl when the test
 * runs. All are PEM files in the folder given.
 */
public final class TestCertificates {

  private static final char[] NO_PASSWORD = new char[0];

  private final Path folder;

  private TestCertificates(Path folder) {
    this.folder = folder;
  }

  /** The server's certificate is for these hosts, names or addresses. */
  public static TestCertificates forHosts(Path folder, String... hosts)
      throws IOException, InterruptedException {
    var certificates = new TestCertificates(folder);
    String names =
        Arrays.stream(hosts)
            .map(host -> (host.matches("[0-9.]+") ? "IP:" : "DNS:") + host)
            .collect(Collectors.joining(","));
    certificates.make("ca", "Test authority", List.of());
    certificates.makeSigned("server", "basicConstraints=CA:FALSE", "subjectAltName=" + names);
    certificates.makeSigned("client", "basicConstraints=CA:FALSE");
    return certificates;
  }

  private void makeSigned(String name, String... extensions)
      throws IOException, InterruptedException {
    var arguments = new java.util.ArrayList<>(List.of("-CA", authority(), "-CAkey", key("ca")));
    for (String extension : extensions) {
      arguments.addAll(List.of("-addext", extension));
    }
    make(name, "Test " + name, arguments.stream().map(Object::toString).toList());
  }

  private void make(String name, String subject, List<String> arguments)
      throws IOException, InterruptedException {
    var command = new java.util.ArrayList<>(List.of("openssl", "req", "-x509", "-nodes"));
    command.addAll(List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"));
    command.addAll(List.of("-days", "2", "-subj", "/CN=" + subject));
    command.addAll(List.of("-keyout", key(name).toString(), "-out", certificate(name).toString()));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("openssl failed: " + said);
    }
  }

  /** The certificate of the authority. */
  public Path authority() {
    return certificate("ca");
  }

  /** The certificate of {@code server} or {@code client}. */
  public Path certificate(String name) {
    return folder.resolve(name + ".crt");
  }

  /** The key of {@code server} or {@code client}, PKCS 8. */
  public Path key(String name) {
    return folder.resolve(name + ".key");
  }

  /** Trusts the authority and has no certificate. */
  public SSLContext context() throws IOException {
    return context(null);
  }

  /** Trusts the authority and shows the client's certificate. */
  public SSLContext contextWithCertificate() throws IOException {
    try {
      KeyStore keys = emptyStore();
      keys.setKeyEntry("client", privateKey("client"), NO_PASSWORD, chain("client"));
      var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(keys, NO_PASSWORD);
      return context(factory.getKeyManagers());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private SSLContext context(KeyManager @Nullable [] own) throws IOException {
    try {
      KeyStore trusted = emptyStore();
      trusted.setCertificateEntry("ca", chain("ca")[0]);
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(own, factory.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private Certificate[] chain(String name) throws GeneralSecurityException, IOException {
    try (InputStream in = Files.newInputStream(certificate(name))) {
      Certificate one = CertificateFactory.getInstance("X.509").generateCertificate(in);
      return new Certificate[] {one};
    }
  }

  private PrivateKey privateKey(String name) throws GeneralSecurityException, IOException {
    String pem = Files.readString(key(name), StandardCharsets.US_ASCII);
    String body = pem.replaceAll("-----[A-Z ]+-----|\\s", "");
    var spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body));
    return KeyFactory.getInstance("EC").generatePrivate(spec);
  }
}
