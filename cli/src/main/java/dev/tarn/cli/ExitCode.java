package dev.tarn.cli;

/** What a command ends with; the numbers that shells know. */
public final class ExitCode {

  public static final int DONE = 0;
  public static final int FAILED = 1;
  public static final int WRONG_COMMAND_LINE = 2;

  /** 128 + SIGINT. */
  public static final int INTERRUPTED = 130;

  /** 128 + SIGPIPE: nobody reads the output any more. */
  public static final int BROKEN_PIPE = 141;

  private ExitCode() {}
}
