/**
 * min(1, exp(−cost / T)) for the change `cost` of what has the weight exp(−·/T): of the energy, of a Hamiltonian. At T = 0 it is 1 for
 * cost ≤ 0, else 0. A cost that is not a number, or +inf, is never accepted.
 */
export function acceptanceProbability(cost: number, temperature: number): number {
  if (cost <= 0) return 1;
  return temperature > 0 && cost < Infinity ? Math.exp(-cost / temperature) : 0;
}
