/** state −= length · direction, entry by entry. */
export function moveAgainst(state: Float64Array, length: number, direction: Float64Array): void {
  for (let i = 0; i < state.length; i++) state[i] -= length * direction[i];
}
