/** The Cloudheed databases API: its operations, its words, its errors. */
package mooring.api.cloudheed;
