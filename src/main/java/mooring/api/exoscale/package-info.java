/** The Exoscale DBaaS API for PostgreSQL. */
package mooring.api.exoscale;
