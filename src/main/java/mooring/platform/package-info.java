/**
 * Makes wanted databases real on Kubernetes and tells what Kubernetes shows of them: what an
 * instance becomes, the client that applies it, and the informers that turn objects into
 * observations.
 */
package mooring.platform;
