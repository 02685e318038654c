package io.deployguard.classification;

/**
 * Something that follows from several pieces of evidence together.
 *
 * @param name as rules call it, such as {@code image-unchanged}
 * @param proof sentence with the values that prove it; rules capture from it
 */
record Fact(String name, String proof) {}
