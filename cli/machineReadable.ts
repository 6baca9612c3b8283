/** Whether every line on stderr is to be one of JSON. Known before options are parsed: signals and errors of usage can come first. */
export const machineReadable: boolean = process.argv.includes("--json");
