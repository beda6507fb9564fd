/** The IONOS PostgreSQL clusters API. */
package mooring.api.ionos;
