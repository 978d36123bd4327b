package dev.tarn.testkit.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A program that does not outlive this JVM, however that ends: the kernel kills it when the thread
 * that started it is gone, which is why one thread starts them all. Where there is no setpriv to
 * ask the kernel, only a JVM that ends by itself takes it along.
 */
final class ServerProcess {

  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();
  private static final ExecutorService STARTER =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("server-starter").factory());

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
  }

  private final Process process;

  private ServerProcess(Process process) {
    this.process = process;
  }

  static ServerProcess start(Path folder, Path log, List<String> program)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    if (Files.isExecutable(SETPRIV)) {
      command.addAll(List.of(SETPRIV.toString(), "--pdeathsig", "KILL"));
    }
    command.addAll(program);
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      Process process = STARTER.submit(builder::start).get();
      RUNNING.add(process);
      return new ServerProcess(process);
    } catch (ExecutionException e) {
      throw new IOException("Cannot start " + program.getFirst(), e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long id() {
    return process.pid();
  }

  /** Ends it as it wishes to be ended, or after some seconds by force. */
  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      kill();
    }
    RUNNING.remove(process);
  }

  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
    RUNNING.remove(process);
  }

  /** Sends a signal by its name, STOP or CONT. */
  void signal(String name) throws IOException, InterruptedException {
    var shell = new ProcessBuilder("sh", "-c", "kill -" + name + " " + id()).start();
    if (shell.waitFor() != 0) {
      throw new IOException("Cannot send " + name + " to process " + id());
    }
  }
}
