/**
 * Runs real PostgreSQL servers as child processes: unpacks the binaries, creates data directories,
 * starts, watches and stops servers, and cleans up after a control plane that was killed.
 */
package mooring.local.postgres;
