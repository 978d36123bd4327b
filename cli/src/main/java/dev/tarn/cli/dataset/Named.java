package dev.tarn.cli.dataset;

/**
 * What a name stands for now, as it is printed.
 *
 * @param name a tag or a branch
 */
record Named(String dataset, String done, String name, long version) {}
