/**
 * The durable record of what is wanted, on PostgreSQL: one class per table family with its SQL as
 * text on top, and the change feed that tells every replica what was committed. Holds nothing of
 * what is observed.
 */
package mooring.store;
