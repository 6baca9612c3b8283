/** Where tensors are computed, from the fastest down. Apart from what loads them: whoever names one needs no types of TensorFlow.js. */
export type TfjsBackend = "webgpu" | "tensorflow" | "wasm" | "cpu";
export const tfjsBackends: readonly TfjsBackend[] = ["webgpu", "tensorflow", "wasm", "cpu"];
