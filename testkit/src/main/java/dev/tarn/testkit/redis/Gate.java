package dev.tarn.testkit.redis;

/** What a proxy's bytes pass, while it is open. */
final class Gate {

  private boolean shut;

  synchronized void shut() {
    shut = true;
  }

  synchronized void open() {
    shut = false;
    notifyAll();
  }

  synchronized void pass() throws InterruptedException {
    while (shut) {
      wait();
    }
  }
}
