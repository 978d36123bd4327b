package dev.tarn.cli;

import java.io.PrintWriter;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The {@code tarn} command. */
@Command(name = "tarn", description = "Frames and SQL over files, datasets and live Redis data.")
public final class Main {
  @Spec private CommandSpec spec;

  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs one command and returns its exit code. */
  static int run(String... args) {
    return new CommandLine(new Main()).execute(args);
  }

  @Command(name = "version", description = "Print the version.")
  int version() {
    out().println("tarn " + Main.class.getPackage().getImplementationVersion());
    return 0;
  }

  @Command(name = "sql", description = "Run a query and print its rows.")
  int sql(@Parameters(paramLabel = "QUERY") String query) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        List<String> cells = new ArrayList<>(columns);
        for (int i = 1; i <= columns; i++) {
          cells.add(String.valueOf(rows.getString(i)));
        }
        out().println(String.join("\t", cells));
      }
    }
    return 0;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
