/**
 * The model and its rules, the use cases, and the ports to what is wanted (the store) and what is
 * (the platform). Knows no HTTP, no JSON, no SQL and no Kubernetes.
 */
package mooring.core;
