package dev.tarn.redis.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.error.Unavailable;
import dev.tarn.redis.RedisOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Opens connections as options say. Safe for use by several threads. */
final class Connector {

  private final RedisOptions options;
  private final Sockets sockets;
  private final @Nullable TlsSockets tls;
  private final Peer peer;

  private Connector(RedisOptions options, boolean secure, Peer peer) {
    this.options = options;
    this.peer = peer;
    this.sockets = new Sockets(options);
    this.tls = secure ? new TlsSockets(options.tls()) : null;
  }

  /** To those who have keys. */
  static Connector toServers(RedisUrl url) {
    return new Connector(url.options(), url.secure(), Peer.SERVER);
  }

  /** To those who know the primary; they have users and passwords of their own. */
  static Connector toSentinels(RedisUrl url) {
    return new Connector(url.sentinel(), url.secure(), Peer.SENTINEL);
  }

  /**
   * Opens a connection and introduces us.
   *
   * @throws LostConnection when there is nobody at the address
   * @throws Unavailable when the server refuses us, or does not prove who it is
   */
  Link open(Address address) {
    Link link = connect(address);
    try {
      long start = System.nanoTime();
      introduce(link);
      link.roundTrip(System.nanoTime() - start);
      link.readTimeout(options.readTimeout());
      return link;
    } catch (LostConnection e) {
      link.close();
      throw explained(e, address);
    } catch (RuntimeException e) {
      link.close();
      throw e;
    }
  }

  /**
   * As {@link #open(Address)}; closes it again where it does not pass a check, which throws then.
   */
  Link open(Address address, Consumer<Link> check) {
    Link link = open(address);
    try {
      check.accept(link);
      return link;
    } catch (RuntimeException e) {
      link.close();
      throw e;
    }
  }

  Duration readTimeout() {
    return options.readTimeout();
  }

  private Link connect(Address address) {
    try {
      ChannelSocket plain = sockets.connect(address);
      return new Link(peer, address, plain, tls == null ? plain : tls.over(plain, address));
    } catch (IOException e) {
      throw explained(
          new LostConnection("%s: %s".formatted(peer.at(address), Link.reason(e)), e), address);
    }
  }

  /** A server's verdict on a certificate comes as late as with its first answer. */
  private RuntimeException explained(LostConnection e, Address address) {
    Unavailable lasting = tls == null ? null : TlsErrors.lasting(e, peer, address);
    if (lasting != null) {
      return lasting;
    }
    if (tls != null && e.isTimeout() && Probe.speaksPlain(sockets, address)) {
      return TlsErrors.noTls(peer, address, e);
    }
    if (tls == null && isCutShort(e) && Probe.speaksTls(sockets, address)) {
      return new Unavailable(
          "Cannot connect to %s: it speaks TLS. %s".formatted(peer.at(address), peer.securely()),
          e);
    }
    return e;
  }

  private static boolean isCutShort(LostConnection e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("closed the connection")
        || message.contains("reset")
        || message.contains("Broken pipe")
        || message.contains("Unknown reply");
  }

  /** In one round trip. Always asks something, so that whoever refuses us has said so. */
  private void introduce(Link link) {
    List<Request> steps = steps();
    steps.forEach(step -> link.send(step.command(), step.arguments()));
    for (Request step : steps) {
      if (link.reply() instanceof ServerError error) {
        Refusals.check(error, step.command(), peer, link.address());
      }
    }
  }

  private List<Request> steps() {
    var steps = new ArrayList<Request>();
    boolean login = options.user().isPresent() || options.password().isPresent();
    byte[] password = options.password().orElse("").getBytes(UTF_8);
    byte[] user = options.user().orElse("default").getBytes(UTF_8);
    if (options.protocol() == 3) {
      byte[] three = "3".getBytes(UTF_8);
      steps.add(
          login
              ? new Request(Command.HELLO, three, "AUTH".getBytes(UTF_8), user, password)
              : new Request(Command.HELLO, three));
    } else if (options.user().isPresent()) {
      steps.add(new Request(Command.AUTH, user, password));
    } else if (login) {
      steps.add(new Request(Command.AUTH, password));
    }
    if (options.database() != 0) {
      steps.add(new Request(Command.SELECT, Integer.toString(options.database()).getBytes(UTF_8)));
    }
    steps.add(
        new Request(
            Command.CLIENT, "SETNAME".getBytes(UTF_8), options.clientName().getBytes(UTF_8)));
    return steps;
  }
}
