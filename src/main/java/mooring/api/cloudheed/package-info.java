/** The Cloudheed database API. */
package mooring.api.cloudheed;
