/** The Uncloud databases API: its operations, its words, its errors. */
package mooring.api.uncloud;
