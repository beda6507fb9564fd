/** Managed PostgreSQL servers, asked as their clients ask them. */
package mooring.platform.postgres;
