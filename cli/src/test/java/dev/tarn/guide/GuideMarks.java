package dev.tarn.guide;

import dev.tarn.Tarn;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/**
 * The process that a page runs in, so that its working folder is the page's own. Marks in what it
 * prints tell one block from the next.
 */
public final class GuideMarks {

  static final String END = "\u0001end ";
  static final String FAILED = "\u0001failed\n";

  private GuideMarks() {}

  /** A page that can be run. */
  public interface Page {
    void run(Tarn tarn) throws Exception;
  }

  /** Runs the page of a class, compiled into a folder. */
  public static void main(String[] args) throws Exception {
    URL[] classes = {Path.of(args[0]).toUri().toURL()};
    try (var loader = new URLClassLoader(classes);
        Tarn tarn = Tarn.open()) {
      var page = (Page) loader.loadClass(args[1]).getDeclaredConstructor().newInstance();
      page.run(tarn);
    } catch (Throwable e) {
      System.out.print(FAILED);
      e.printStackTrace(System.out);
      System.out.flush();
      System.exit(3);
    }
    System.exit(0);
  }

  /** Ends what a block printed. */
  public static void end(int step) {
    System.err.flush();
    System.out.print(END + step + "\n");
    System.out.flush();
  }

  /** For blocks that are compiled only. */
  public static boolean never() {
    return false;
  }

  /** Runs a command as {@code ./tarn} would. */
  public static void command(boolean showExit, String... words) throws Exception {
    Method run = Class.forName("dev.tarn.cli.Main").getDeclaredMethod("run", String[].class);
    run.setAccessible(true);
    Object exit = run.invoke(null, (Object) words);
    System.out.flush();
    if (showExit) {
      System.out.println(exit);
    } else if (!Integer.valueOf(0).equals(exit)) {
      throw new AssertionError("the command ended with exit code " + exit);
    }
  }
}
