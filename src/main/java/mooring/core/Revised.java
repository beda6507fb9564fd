package mooring.core;

/**
 * What came of asking for something else.
 *
 * @param instance the database after that
 * @param begun whether that takes an operation, the database's latest; else it holds already
 */
public record Revised(Instance instance, boolean begun) {}
