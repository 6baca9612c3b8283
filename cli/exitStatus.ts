/** What the process returns to the shell. */
export const exitStatus = {
  ok: 0,
  /** The specification was rejected, or a file could not be read. */
  rejected: 1,
  /** It ran, but a claim failed or is undecided. */
  claims: 2,
  usage: 64,
  /** Our fault. */
  internal: 70,
  /** Stopped by the user; what was finished is kept. */
  stopped: 75,
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];
