/**
 * The failure of an integrator that has no acceptance test: its energy or state is no longer finite. The task fails with this
 * sentence, and claims that need it are undecided.
 */
export const diverged = (dynamics: string, step: number, argument: string): Error =>
  new Error(`${dynamics} diverged at step ${step + 1}: the energy is not finite; take a smaller ${argument}`);
