#!/usr/bin/env node
import "./interruption.ts";

// Loaded behind the handlers of signals: loading takes longer than they may wait.
await import("./main.ts");
