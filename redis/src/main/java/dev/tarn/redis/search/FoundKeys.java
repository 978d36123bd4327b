package dev.tarn.redis.search;

import dev.tarn.redis.wire.Node;
import java.util.List;

/**
 * Keys that a search has found.
 *
 * @param node the server that has them
 * @param all whether it finds no others
 */
public record FoundKeys(Node node, List<byte[]> keys, boolean all) {}
