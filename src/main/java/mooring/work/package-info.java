/**
 * Turns what is wanted into what is: claims operations, drives the platform, and ends every
 * operation with an outcome. The only writer of progress.
 */
package mooring.work;
