import cliProgress from "cli-progress";

/** A line on the terminal that is redrawn. */
export const progressBar = (format: string): cliProgress.SingleBar => new cliProgress.SingleBar({
  format,
  stream: process.stderr,
  hideCursor: true,
  clearOnComplete: true,
  barsize: 20,
  linewrap: false,
}, process.env["NO_COLOR"] === undefined ? cliProgress.Presets.shades_classic : cliProgress.Presets.legacy);
