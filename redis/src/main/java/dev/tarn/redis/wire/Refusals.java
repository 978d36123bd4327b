package dev.tarn.redis.wire;

import dev.tarn.error.Unavailable;

/** Says what is wrong where a server does not want us. */
final class Refusals {

  private Refusals() {}

  /**
   * Looks at an error in the introduction.
   *
   * @throws Unavailable when a new attempt would not change it
   * @throws LostConnection when one may
   */
  static void check(ServerError error, Command command, Peer peer, Address address) {
    if (error.isPassing() || error.message().startsWith("ERR max number of clients")) {
      throw new LostConnection("%s: %s".formatted(peer.at(address), error.brief()), null);
    }
    if (error.is("NOAUTH")) {
      throw refused(peer, address, "it asks for a password", "Write " + peer.login() + ".");
    }
    if (error.is("WRONGPASS") || error.message().startsWith("ERR invalid password")) {
      throw refused(
          peer,
          address,
          "user or password are wrong, or the user is disabled",
          "Check them; ACL LIST on the server shows the users.");
    }
    if (error.is("DENIED")) {
      throw refused(
          peer,
          address,
          "it is in protected mode, and answers its own machine alone",
          "Give it a password, or another bind.");
    }
    if (error.is("NOPROTO") || (command.is("HELLO") && isUnknown(error))) {
      throw refused(peer, address, "it does not speak RESP3", "Write protocol=2.");
    }
    if (command.is("CLIENT")) {
      return;
    }
    throw refused(
        peer, address, "it refused %s: %s".formatted(command, error.brief()), advice(command));
  }

  private static boolean isUnknown(ServerError error) {
    return error.message().startsWith("ERR unknown command");
  }

  private static String advice(Command command) {
    return command.is("SELECT") ? "Check the number of the database." : "Check user and password.";
  }

  private static Unavailable refused(Peer peer, Address address, String why, String what) {
    return new Unavailable("Cannot connect to %s: %s. %s".formatted(peer.at(address), why, what));
  }
}
