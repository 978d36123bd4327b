package dev.tarn.redis;

/**
 * What servers say of themselves.
 *
 * @param version of the first of them: {@code Redis 7.0.15}; without a number where the user may
 *     not ask
 * @param primaries servers that hold keys
 * @param hasSearch whether there is a search module, as far as the user may ask
 */
public record ServerInfo(String version, int primaries, boolean hasSearch) {}
