/**
 * Vert.x service discovery with its Kubernetes bridge, by which the control plane itself finds
 * managed servers, and what keeps the bridge's weaknesses from doing harm.
 */
package mooring.platform.discovery;
