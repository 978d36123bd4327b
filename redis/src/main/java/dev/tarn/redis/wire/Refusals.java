package dev.tarn.redis.wire;

import dev.tarn.error.Unavailable;

/** Says what is wrong where a server does not want us. */
final class Refusals {

  private Refusals() {}

  /**
   * Looks at an error in the introduction.
   *
   * @param login how a URL says user and password for this server
   * @throws Unavailable when a new attempt would not change it
   * @throws LostConnection when one may
   */
  static void check(ServerError error, Command command, Address address, String login) {
    if (error.isPassing() || error.message().startsWith("ERR max number of clients")) {
      throw new LostConnection("Redis at %s: %s".formatted(address, error.brief()), null);
    }
    if (error.is("NOAUTH")) {
      throw refused(address, "it asks for a password", "Write " + login + ".");
    }
    if (error.is("WRONGPASS") || error.message().startsWith("ERR invalid password")) {
      throw refused(
          address,
          "user or password are wrong, or the user is disabled",
          "Check them; ACL LIST on the server shows the users.");
    }
    if (error.is("DENIED")) {
      throw refused(
          address,
          "it is in protected mode, and answers its own machine alone",
          "Give it a password, or another bind.");
    }
    if (error.is("NOPROTO") || (command.is("HELLO") && isUnknown(error))) {
      throw refused(address, "it does not speak RESP3", "Write protocol=2.");
    }
    if (command.is("CLIENT")) {
      return;
    }
    throw refused(address, "it refused %s: %s".formatted(command, error.brief()), advice(command));
  }

  private static boolean isUnknown(ServerError error) {
    return error.message().startsWith("ERR unknown command");
  }

  private static String advice(Command command) {
    return command.is("SELECT") ? "Check the number of the database." : "Check user and password.";
  }

  private static Unavailable refused(Address address, String why, String what) {
    return new Unavailable("Cannot connect to Redis at %s: %s. %s".formatted(address, why, what));
  }
}
