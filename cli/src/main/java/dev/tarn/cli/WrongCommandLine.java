package dev.tarn.cli;

/** The command line cannot be understood; exit code 2. */
public final class WrongCommandLine extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public WrongCommandLine(String message) {
    super(message);
  }
}
