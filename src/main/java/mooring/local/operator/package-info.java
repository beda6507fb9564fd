/**
 * Does for one namespace what CloudNativePG, the kubelet and a load balancer would: runs the
 * PostgreSQL clusters that the objects describe as local processes and reports their status in
 * CloudNativePG's own words.
 */
package mooring.local.operator;
