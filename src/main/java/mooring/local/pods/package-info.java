/**
 * Does for one namespace of the embedded Kubernetes API what the StatefulSet controller and the
 * kubelet would: makes the claims and Pods of StatefulSets, and runs the containers of those Pods
 * as processes of this machine. Pods report in the kubelet's own words.
 */
package mooring.local.pods;
