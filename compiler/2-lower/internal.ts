/** A promise of the checker was broken: our fault, never the user's. */
export function internal(message: string): never {
  throw new Error(`internal: ${message}`);
}
