/** Counter-based random numbers, addressed by what they are for (LANGUAGE.md §3). Start at `stream.ts`. */
export type { Address, AddressHash } from "./address.ts";
export { hashAddress, quenchedAddress, thermalAddress } from "./address.ts";
export { boxMuller } from "./boxMuller.ts";
export type { Distribution } from "./distributions/index.ts";
export { distributions } from "./distributions/index.ts";
export { openUniforms } from "./openUniforms.ts";
export { philox } from "./philox.ts";
export { uniformOnSphere, uniformOnSpheres } from "./state.ts";
export { Stream } from "./stream.ts";
