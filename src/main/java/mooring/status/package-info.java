/**
 * The read path: what is wanted and what was seen, joined in memory, so that a poll touches neither
 * the store nor the platform.
 */
package mooring.status;
