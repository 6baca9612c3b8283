import type { Stream } from "./stream.ts";

/** The same streams, each made once. */
export function streamsByPurpose(make: (purpose: string) => Stream): (purpose: string) => Stream {
  const made = new Map<string, Stream>();
  return (purpose) => {
    const found = made.get(purpose) ?? make(purpose);
    made.set(purpose, found);
    return found;
  };
}
