package dev.tarn.cli.demo;

import dev.tarn.Frame;
import dev.tarn.QueryPlan;
import dev.tarn.Tarn;
import dev.tarn.cli.Arguments;
import dev.tarn.cli.Command;
import dev.tarn.cli.Context;
import dev.tarn.cli.ExitCode;
import dev.tarn.cli.WrongCommandLine;
import dev.tarn.cli.terminal.Interrupts;
import dev.tarn.spi.WriteResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code tarn demo}: makes sales data, answers five questions about it, keeps a dataset, joins it
 * with Redis.
 */
public final class DemoCommand implements Command {

  private static final int SHOWN_ROWS = 12;

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage()
        .description(
            "Make sales data, answer five questions about it, keep a dataset, join it with Redis: code, rows, plan, time.");
    spec.addOption(
        Arguments.option(
            "--dir",
            "DIR",
            "Where the data goes, which stays there; a temporary folder unless said."));
    spec.addOption(
        Arguments.option("--rows", "N", "How many sales to make: 4,000,000 unless said."));
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) throws IOException {
    Path folder = Arguments.value(arguments, "--dir").map(Path::of).orElseGet(DemoCommand::folder);
    long rows = rows(Arguments.value(arguments, "--rows").orElse("4000000"));
    return context.withLake(
        folder.resolve("lake"),
        tarn -> {
          var page = new Page(context);
          makeData(tarn, folder, rows, page);
          var questions = new Questions(tarn, folder.toString());
          var code = SourceCode.of(Questions.class);
          int number = 0;
          for (Map.Entry<String, Supplier<Frame>> question : all(questions).entrySet()) {
            show(++number, code, question.getKey(), page);
            answer(tarn, question.getValue(), page);
          }
          var versions = new Versions(tarn, tarn.table("customers"));
          show(++number, SourceCode.of(Versions.class), "beforeAndAfter", page);
          answer(tarn, versions::beforeAndAfter, page);
          joinLiveData(tarn, ++number, page);
          page.next(folder);
          return ExitCode.DONE;
        });
  }

  /** With a server of its own, whatever Redis somebody may have. */
  private static void joinLiveData(Tarn tarn, int number, Page page) throws IOException {
    DemoRedis server;
    try {
      server = DemoRedis.start();
    } catch (IOException e) {
      if (Interrupts.happened()) {
        throw e;
      }
      page.skipped(number, "Redis", String.valueOf(e.getMessage()));
      return;
    }
    try (server) {
      var live = new LiveData(tarn, tarn.redis(server.url()));
      long start = System.nanoTime();
      live.openSessions();
      page.filled(server.url(), System.nanoTime() - start);
      show(number, SourceCode.of(LiveData.class), "inTheShop", page);
      answer(tarn, live::inTheShop, page);
    }
  }

  /** In the order of asking; the names are those of the methods. */
  private static Map<String, Supplier<Frame>> all(Questions questions) {
    var all = new LinkedHashMap<String, Supplier<Frame>>();
    all.put("bestCategories", questions::bestCategories);
    all.put("growth", questions::growth);
    all.put("businessByCountry", questions::businessByCountry);
    all.put("bestCustomers", questions::bestCustomers);
    all.put("comingBack", questions::comingBack);
    return all;
  }

  private static void makeData(Tarn tarn, Path folder, long rows, Page page) throws IOException {
    page.title("Tarn demo: five questions about %,d sales".formatted(rows));
    long start = System.nanoTime();
    WriteResult sales = SampleData.writeSales(tarn, folder, rows);
    page.wrote(folder.resolve("sales"), sales, System.nanoTime() - start);
    start = System.nanoTime();
    WriteResult customers = SampleData.writeCustomers(tarn, folder, rows);
    page.wrote(folder.resolve("customers.csv"), customers, System.nanoTime() - start);
  }

  private static void show(int number, SourceCode code, String method, Page page)
      throws IOException {
    page.question(number, code.comment(method));
    page.code(code.body(method));
  }

  private static void answer(Tarn tarn, Supplier<Frame> question, Page page) throws IOException {
    long start = System.nanoTime();
    Frame frame = question.get();
    String rows = frame.text(SHOWN_ROWS);
    long elapsed = System.nanoTime() - start;
    QueryPlan plan = tarn.plan(frame);
    page.answer(rows, plan, elapsed);
  }

  /** One of the user's own, so that several users of a machine do not meet there. */
  private static Path folder() {
    return Path.of(
        System.getProperty("java.io.tmpdir"), "tarn-demo-" + System.getProperty("user.name"));
  }

  private static long rows(String text) {
    try {
      long rows = Long.parseLong(text.replaceAll("[,_]", ""));
      if (rows > 0) {
        return rows;
      }
    } catch (NumberFormatException notOne) {
      // said below
    }
    throw new WrongCommandLine(
        "Cannot make %s sales: it is no whole number above 0. Write it as 4000000."
            .formatted(text));
  }
}
