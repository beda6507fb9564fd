/** What controllers stand on. */
package mooring.local.control;
