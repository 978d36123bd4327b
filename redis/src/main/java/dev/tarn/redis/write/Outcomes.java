package dev.tarn.redis.write;

import org.jspecify.annotations.Nullable;

/** Is told what became of each item, once. Safe for use by several threads. */
interface Outcomes {

  /**
   * It was done.
   *
   * @param reply what was answered; of a transaction a list
   */
  void done(Item item, @Nullable Object reply);

  /** Nothing was done, for the key was there. */
  void existed(byte[] key);

  /**
   * Nothing was done.
   *
   * @param lasting whether it is the data that is wrong; else what is out of reach or denied
   */
  void failed(byte[] key, String reason, boolean lasting);

  /** It was done, or not: the answer was lost. */
  void uncertain(byte[] key, String reason);
}
